import type { Manifest } from '../../../definition/manifest/sections';
import { cutoverName } from '../../../definition/replication/names';
import { renamingOf } from '../../../definition/replication/renaming';
import type { SqlReader } from '../../ports/sql-reader';
import { readModel, type ComparedSide } from './compare-across';
import { ddlOf } from './ddl';
import { titleOf, type Model, type ModelColumn, type ModelTable } from './model';
import { columnCheck } from './reverse-checks';
import { numbersCheck } from './reverse-json';
import type { ReverseConstraint } from './reverse-constraint';
import { uniqueKeys } from './reverse-keys';

/** What the target must refuse so that everything written there can go back to a MySQL source. Reads both catalogues. */
export async function reverseConstraints(on: {
  source: ComparedSide;
  target: ComparedSide;
  tables: Manifest['tables'];
  signal: AbortSignal;
}): Promise<ReverseConstraint[]> {
  if (on.source.family !== 'mysql' || on.target.family !== 'postgres') return [];
  const [source, target] = await Promise.all([
    readModel(on.source, on.tables, true, on.signal),
    readModel(on.target, on.tables, false, on.signal),
  ]);
  return constraintsOf(source, target, on.tables.transformations ?? []);
}

function constraintsOf(
  source: Model,
  target: Model,
  transformations: NonNullable<Manifest['tables']['transformations']>,
): ReverseConstraint[] {
  const renaming = renamingOf(transformations, true);
  const there = new Map(target.tables.map((table) => [titleOf(table), table]));
  return source.tables.flatMap((table) => {
    const object = titleOf(table);
    const counterpart = there.get(renaming.table(object));
    if (!counterpart) return [];
    const targetOf = (column: string): ModelColumn | undefined =>
      renaming.isDropped(object, column)
        ? undefined
        : counterpart.columns.find(({ name }) => name === renaming.column(object, column));
    const checks = table.columns.flatMap((column): ReverseConstraint[] => {
      const on = targetOf(column.name);
      if (!on || on.generated !== undefined) return [];
      const numbers = numbersCheck(column, on, counterpart.schema);
      const condition = numbers?.condition ?? columnCheck(column, on);
      if (condition === undefined) return [];
      const check = checkOf(object, counterpart, on, condition, column.declared);
      return [numbers ? { ...check, sql: `${numbers.made} ${check.sql}` } : check];
    });
    return [...checks, ...uniqueKeys(object, table, counterpart, targetOf)];
  });
}

function checkOf(
  object: string,
  on: ModelTable,
  column: ModelColumn,
  condition: string,
  declared: string,
): ReverseConstraint {
  const { name: quote, table: quoteTable } = ddlOf.postgres;
  const table = titleOf(on);
  const name = cutoverName(column.name, `${table} ${condition}`);
  return {
    ...{ object, table, kind: 'check', name },
    refuses: `${table}.${column.name} beyond ${declared}`,
    sql: `ALTER TABLE ${quoteTable(table)} ADD CONSTRAINT ${quote(name)} CHECK (${condition});`,
  };
}

/** Names (schema.table name) of the constraints and unique indexes of the product that stand and are enforced. */
const standing = `
  SELECT n.nspname || '.' || c.relname || ' ' || k.conname AS name
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE k.contype = 'c' AND k.conname LIKE 'cutover\\_%' AND coalesce(to_jsonb(k)->>'conenforced', 'true') = 'true'
  UNION ALL
  SELECT n.nspname || '.' || c.relname || ' ' || x.relname
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND x.relname LIKE 'cutover\\_%'`;

export async function missingConstraints(
  wanted: readonly ReverseConstraint[],
  target: SqlReader,
  signal: AbortSignal,
): Promise<ReverseConstraint[]> {
  if (wanted.length === 0) return [];
  const stand = new Set((await target.query(standing, [], signal)).map((row) => row['name']));
  return wanted.filter(({ table, name }) => !stand.has(`${table} ${name}`));
}
