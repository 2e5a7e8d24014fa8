import type { SectionName, SideName } from './sections';

const root = (environment: string, migration: string) => `/cutover/${environment}/${migration}`;

/** Folder of the manifest's parameters. */
export const manifestPath = (environment: string, migration: string): string =>
  `${root(environment, migration)}/manifest`;

export const sectionPath = (environment: string, migration: string, section: SectionName): string =>
  `${manifestPath(environment, migration)}/${section}`;

/** The parameter that owns one weight: written by the runbooks together with Route 53, read by every later deploy. */
export const weightPath = (environment: string, migration: string, record: string, side: SideName): string =>
  `${root(environment, migration)}/weights/${record}/${side}`;
