import type { SideName } from './manifest/sections';

const root = (environment: string, migration: string) => `cutover/${environment}/${migration}`;

/** Secrets Manager names that hold where the definition gives none. */
export const runbookSecretName = (environment: string, migration: string, side: SideName): string =>
  `${root(environment, migration)}/${side}/runbook`;

export const replicationSecretName = (environment: string, migration: string, side: SideName): string =>
  `${root(environment, migration)}/${side}/replication`;

export const accountSecretName = (environment: string, migration: string, account: string): string =>
  `${root(environment, migration)}/accounts/${account}`;
