import { minimums } from '../minimums';
import { environmentJsonSchema, type JsonSchema } from './json-schema';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (value: unknown): string => `\`${JSON.stringify(value)}\``;
const choices = (schema: JsonSchema): JsonSchema[] | undefined => schema.anyOf ?? schema.oneOf;
const isSection = (schema: JsonSchema): boolean => schema.properties !== undefined;

function allowed(schema: JsonSchema): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(', ');
  const options = choices(schema);
  if (options) return options.map(allowed).join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? allowed(schema.items) : 'values'}`;
  if (isSection(schema)) return `{ ${Object.keys(schema.properties ?? {}).join(', ')} }`;
  if (schema.type === 'object') return 'names with their values';
  const range = [
    schema.minimum === undefined ? '' : `≥ ${schema.minimum}`,
    schema.exclusiveMinimum === undefined ? '' : `> ${schema.exclusiveMinimum}`,
    schema.maximum === undefined || schema.maximum === Number.MAX_SAFE_INTEGER ? '' : `≤ ${schema.maximum}`,
  ].filter((part) => part !== '' && !part.includes('9007199254740991'));
  return [schema.type ?? 'value', ...range].join(' ');
}

interface Section {
  readonly path: string;
  readonly schema: JsonSchema;
}

/** Where a setting has settings of its own, they get a table of their own. */
function inner({ path, schema }: Section): Section[] {
  if (isSection(schema)) return [{ path, schema }];
  if (schema.type === 'array' && schema.items) return inner({ path: `${path}[]`, schema: schema.items });
  if (typeof schema.additionalProperties === 'object')
    return inner({ path: `${path}.<name>`, schema: schema.additionalProperties });
  return (choices(schema) ?? []).filter(isSection).map((choice) => {
    const kind = choice.properties?.['kind']?.const;
    return { path: kind === undefined ? path : `${path} (kind ${JSON.stringify(kind)})`, schema: choice };
  });
}

const defaultOf = (name: string, schema: JsonSchema, parent: JsonSchema): string => {
  if (parent.required?.includes(name)) return 'required';
  if (schema.default === undefined) return 'absent';
  return isSection(schema) && Object.keys(schema.default as object).length === 0 ? 'as below' : code(schema.default);
};

function table({ path, schema }: Section): string[] {
  const rows = Object.entries(schema.properties ?? {}).map(
    ([name, property]) =>
      `| \`${name}\` | ${cell(allowed(property))} | ${cell(defaultOf(name, property, schema))} | ${cell(property.description ?? '')} |`,
  );
  return [
    `## ${path === '' ? 'Environment' : `\`${path}\``}`,
    '',
    '| setting | allowed | default | what it is |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      inner({ path: path === '' ? name : `${path}.${name}`, schema: property }).flatMap(table),
    ),
  ];
}

/** `docs/settings.md`: every setting of an environment, from the schema alone. */
export function settingsMarkdown(): string {
  const kinds = Object.entries(minimums).map(
    ([kind, least]) => `| ${kind} | ${least.rollbackWindowSeconds} | ${least.consistencyHoldSeconds} |`,
  );
  return [
    '# Settings',
    '',
    'Generated from `definition/schema/` by `npm run docs`; do not edit.',
    'An environment is what `defineEnvironment({...})` takes in `environments/`. All durations are in seconds.',
    '`cutover-environment.schema.json`, beside this file, is the same as JSON Schema.',
    '',
    '## Minimums by kind of environment',
    '',
    '| kind | `timing.rollbackWindowSeconds` | `gates.consistencyHoldSeconds` |',
    '| --- | --- | --- |',
    ...kinds,
    '',
    ...table({ path: '', schema: environmentJsonSchema() }),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}
