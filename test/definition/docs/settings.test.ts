import { readFileSync } from 'node:fs';
import { environmentJsonSchema, type JsonSchema } from '../../../definition/docs/json-schema';
import { settingsMarkdown } from '../../../definition/docs/settings-markdown';

/** Every property of the schema, with its path. */
function properties(schema: JsonSchema, path = ''): [string, JsonSchema][] {
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, one]): [string, JsonSchema][] => [
      [`${path}.${name}`, one],
      ...properties(one, `${path}.${name}`),
    ]),
    ...(schema.items ? properties(schema.items, `${path}[]`) : []),
    ...(typeof schema.additionalProperties === 'object' ? properties(schema.additionalProperties, `${path}.*`) : []),
    ...branches.flatMap((branch) => properties(branch, path)),
  ];
}

describe('the documentation of the settings', () => {
  it('describes every setting', () => {
    const all = properties(environmentJsonSchema());
    expect(all.length).toBeGreaterThan(100);
    expect(all.filter(([, schema]) => !schema.description).map(([path]) => path)).toEqual([]);
  });

  it('gives a default or says that there is none', () => {
    expect(settingsMarkdown()).toContain('| `bakeSeconds` | number ≥ 0 | `900` |');
    expect(settingsMarkdown()).toContain('| `account` | string | required |');
  });

  it('is current: run `npm run docs` after a change of the schema', () => {
    expect(readFileSync('docs/settings.md', 'utf8')).toBe(settingsMarkdown());
    expect(JSON.parse(readFileSync('docs/cutover-environment.schema.json', 'utf8'))).toEqual(environmentJsonSchema());
  });
});
