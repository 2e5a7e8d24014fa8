import type { Manifest } from '../../../definition/manifest/sections';
import { nameOnSource, renamingOf, type Renaming } from '../../../definition/replication/renaming';
import { isSelected } from '../../../definition/replication/selected-tables';
import type { SqlReader } from '../../ports/sql-reader';
import type { EngineFamily } from '../../verification/type-table';
import type { Difference } from '../difference';
import { compareColumns } from './compare-columns';
import { compareKeys } from './compare-keys';
import { columnText, ddlOf } from './ddl';
import { isOurs, titleOf, type Model, type ModelTable } from './model';
import { readMysqlModel } from './mysql-model';
import type { TablePair } from './table-pair';
import { readPostgresModel } from './postgres-model';
import { notRowByRow } from './row-by-row';

export interface ComparedSide {
  readonly family: EngineFamily;
  readonly reader: SqlReader;
}

const readers = { mysql: readMysqlModel, postgres: readPostgresModel } as const;

/** The selected tables of a side, whatever its engine. */
export const readModel = (
  { family, reader }: ComparedSide,
  tables: Manifest['tables'],
  isSource: boolean,
  signal: AbortSignal,
): Promise<Model> =>
  readers[family](
    reader,
    (name) => isSelected(tables, nameOnSource(tables.transformations ?? [], name, isSource)),
    signal,
  );

/**
 * What replication does not bring, compared between two engines in words that both share: tables, columns with what their
 * types hold, keys, indexes, foreign keys, and by name what cannot be compared by its text. What is missing on the other
 * side comes with the statement that makes it there, in its dialect.
 */
export async function compareAcross(on: {
  primary: ComparedSide;
  other: ComparedSide;
  tables: Manifest['tables'];
  primaryIsSource: boolean;
  signal: AbortSignal;
}): Promise<Difference[]> {
  const [primary, other] = await Promise.all([
    readModel(on.primary, on.tables, on.primaryIsSource, on.signal),
    readModel(on.other, on.tables, !on.primaryIsSource, on.signal),
  ]);
  return compareModels(primary, other, renamingOf(on.tables.transformations ?? [], on.primaryIsSource));
}

export function compareModels(primary: Model, other: Model, renaming: Renaming): Difference[] {
  const there = new Map(other.tables.map((table) => [titleOf(table), table]));
  const found: Difference[] = [];
  for (const table of primary.tables) {
    const [name, object] = [renaming.table(titleOf(table)), renaming.back(titleOf(table))];
    const counterpart = there.get(name);
    there.delete(name);
    if (!counterpart) {
      found.push({ ...missingTable(table, name, other.family, renaming), object });
      continue;
    }
    const pair = { primary: table, other: counterpart, otherFamily: other.family, renaming, object };
    found.push(...compareColumns(pair), ...compareKeys(pair), ...notRowByRow(pair), ...compareByName(pair));
  }
  for (const name of there.keys()) found.push({ object: name, kind: 'table', onOther: 'table', severity: 'blocks' });
  return [
    ...found,
    ...beside('view', primary.views, other.views, renaming),
    ...beside('routine', primary.routines, other.routines, renaming),
  ];
}

function missingTable(table: ModelTable, name: string, family: EngineFamily, renaming: Renaming) {
  const title = titleOf(table);
  const columns = table.columns
    .filter((column) => column.generated === undefined && !renaming.isDropped(title, column.name))
    .map((column) => columnText(family, column, renaming.column(title, column.name)));
  const key = table.indexes.find(({ isPrimary }) => isPrimary);
  const names = key?.columns.map((column) => ddlOf[family].name(renaming.column(title, column ?? '')));
  const ddl = `CREATE TABLE ${ddlOf[family].table(name)} (${[...columns, ...(names ? [`PRIMARY KEY (${names.join(', ')})`] : [])].join(', ')});`;
  return { kind: 'table', onPrimary: 'table', severity: 'blocks', ddl } as const;
}

/** What the target lacks may be missed there; what the source lacks was perhaps never meant for it. */
const lacking = ({ primaryIsSource }: Renaming): Difference['severity'] => (primaryIsSource ? 'blocks' : 'note');

/** Bodies are written in languages of the engines' own: they can be told apart by name alone. */
function compareByName({ primary, other, renaming, object }: TablePair): Difference[] {
  const found: Difference[] = [];
  for (const [name, text] of primary.triggers)
    if (!isOurs(name) && !other.triggers.has(name))
      found.push({ object, kind: `trigger ${name}`, onPrimary: text, severity: lacking(renaming) });
  for (const [name, text] of other.triggers)
    if (!isOurs(name) && !primary.triggers.has(name))
      found.push({ object, kind: `trigger ${name}`, onOther: text, severity: 'note' });
  for (const [name, text] of primary.checks)
    if (!isOurs(name) && !other.checks.has(name))
      found.push({ object, kind: `check ${name}`, onPrimary: text, severity: 'note' });
  for (const [name, text] of other.checks)
    if (!isOurs(name) && !primary.checks.has(name))
      found.push({ object, kind: `check ${name}`, onOther: text, severity: 'note' });
  return found;
}

function beside(kind: string, primary: readonly string[], other: readonly string[], renaming: Renaming): Difference[] {
  const there = new Set(other);
  const here = new Set(primary.map((name) => renaming.table(name)));
  const ours = (name: string) => isOurs(name.slice(name.indexOf('.') + 1));
  return [
    ...primary
      .filter((name) => !ours(name) && !there.has(renaming.table(name)))
      .map((name): Difference => ({
        object: renaming.back(name),
        kind,
        onPrimary: 'stands',
        severity: lacking(renaming),
      })),
    ...other
      .filter((name) => !ours(name) && !here.has(name))
      .map((name): Difference => ({ object: name, kind, onOther: 'stands', severity: 'note' })),
  ];
}
