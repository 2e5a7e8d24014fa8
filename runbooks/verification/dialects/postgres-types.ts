import { z } from 'zod';
import type { SqlReader } from '../../ports/sql-reader';
import type { ColumnType } from '../type-table';

const typeRow = z.object({
  oid: z.string(),
  name: z.string(),
  schema: z.string(),
  kind: z.string(),
  array: z.boolean(),
  element: z.string(),
  base: z.string(),
  baseModifier: z.number(),
});
export type TypeCatalogue = ReadonlyMap<string, z.infer<typeof typeRow>>;

const typesQuery = `
  SELECT json_build_object('oid', t.oid::text, 'name', t.typname, 'schema', n.nspname, 'kind', t.typtype,
    'array', t.typcategory = 'A', 'element', t.typelem::text, 'base', t.typbasetype::text, 'baseModifier', t.typtypmod)::text AS found
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace`;

export async function readTypes(reader: SqlReader, signal: AbortSignal): Promise<TypeCatalogue> {
  const rows = await reader.query(typesQuery, [], signal);
  const types = rows.map((row) => typeRow.parse(JSON.parse(row.found ?? '')));
  return new Map(types.map((type) => [type.oid, type]));
}

const kinds: Readonly<Record<string, ColumnType['kind']>> = {
  b: 'base',
  e: 'enum',
  c: 'composite',
  r: 'range',
  m: 'multirange',
};

/** Resolves domains down to what they stand on, with the modifier that the innermost declares. */
export function typeOf(types: TypeCatalogue, oid: string, modifier: number): ColumnType {
  const type = types.get(oid);
  if (!type) return { name: oid, schema: 'pg_catalog', kind: 'pseudo', title: `type ${oid}` };
  if (type.kind === 'd') return typeOf(types, type.base, type.baseModifier);
  const declared = modifier === -1 ? undefined : String(modifier);
  const { name, schema } = type;
  if (type.array && type.element !== '0') {
    const element = typeOf(types, type.element, modifier);
    return { name, schema, kind: 'array', modifier: declared, element, title: `${element.title}[]` };
  }
  const title = schema === 'pg_catalog' ? name : `${schema}.${name}`;
  return { name, schema, kind: kinds[type.kind] ?? 'pseudo', modifier: declared, title };
}
