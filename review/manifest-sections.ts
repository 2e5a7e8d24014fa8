import type { SectionName } from '../definition/manifest/sections';
import type { Template } from './assembly';

const path = /^\/cutover\/[^/]+\/[^/]+\/manifest\/([a-z]+)$/;

/** The value of a parameter with its tokens written as texts: a section is compared, never used. */
function literal(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const join = (value as { 'Fn::Join'?: [string, unknown[]] } | undefined)?.['Fn::Join'];
  if (!join) return undefined;
  return join[1]
    .map((part) => (typeof part === 'string' ? part : JSON.stringify(part).replaceAll('"', "'")))
    .join(join[0]);
}

/** The sections of a manifest as a template would deploy them. */
export function manifestSections(template: Template | undefined): Map<SectionName, Record<string, unknown>> {
  return new Map(
    Object.values(template?.Resources ?? {}).flatMap((resource) => {
      const name = resource.Type === 'AWS::SSM::Parameter' ? resource.Properties?.['Name'] : undefined;
      const section = typeof name === 'string' ? path.exec(name)?.[1] : undefined;
      const text = section === undefined ? undefined : literal(resource.Properties?.['Value']);
      return text === undefined ? [] : [[section as SectionName, JSON.parse(text) as Record<string, unknown>] as const];
    }),
  );
}

/** Settings of a section by dotted name; lists are compared as one value. */
export const flatten = (section: object, prefix = ''): Map<string, unknown> =>
  new Map(
    Object.entries(section as Record<string, unknown>).flatMap(([key, value]): [string, unknown][] =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? [...flatten(value, `${prefix}${key}.`)]
        : [[`${prefix}${key}`, value]],
    ),
  );
