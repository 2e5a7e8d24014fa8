import type { SqlReader } from '../../ports/sql-reader';
import { ddlOf } from '../across/ddl';
import { isOurs, titleOf, type ModelColumn, type ModelTable } from '../across/model';
import type { DataFinding } from './data-finding';
import { chunksOf } from './key-chunks';

const listedKeys = 3;
const { name: quote, table: quoteTable } = ddlOf.mysql;

/** What no row shows alone: keys that the target takes for equal, and references that it does not find. */
export async function acrossRows(on: {
  table: ModelTable;
  counterpart: ModelTable;
  pairs: readonly (readonly [ModelColumn, ModelColumn])[];
  reader: SqlReader;
  rowsPerChunk: number;
  signal: AbortSignal;
}): Promise<DataFinding[]> {
  return [...(await equalKeys(on)), ...(await orphans(on))];
}

/** As the target compares: citext by lower-case letters, its other folding collations without accents as well. */
function comparedOn(source: ModelColumn, { folds, type }: ModelColumn): string {
  const column = quote(source.name);
  if (source.type.characterSet === undefined) return column;
  const text = `CONVERT(${column} USING utf8mb4)`;
  if (!folds?.case) return `CAST(${text} AS BINARY)`;
  return type.name === 'citext' ? `CAST(LOWER(${text}) AS BINARY)` : `${text} COLLATE utf8mb4_unicode_ci`;
}

async function equalKeys({
  table,
  counterpart,
  pairs,
  reader,
  signal,
}: Parameters<typeof acrossRows>[0]): Promise<DataFinding[]> {
  const found: DataFinding[] = [];
  for (const index of counterpart.indexes) {
    if (!index.isUnique || index.special !== undefined || isOurs(index.name)) continue;
    const columns = index.columns.map((name) => pairs.find(([, target]) => target.name === name));
    // Where no text folds on the target, what the source keeps apart stays apart.
    if (!columns.some((pair) => pair?.[1].folds?.case) || columns.some((pair) => pair === undefined)) continue;
    const parts = columns.map((pair) => (pair ? comparedOn(...pair) : ''));
    const shown = columns.map((pair) => quote(pair?.[0].name ?? ''));
    const filled = shown.map((name) => `${name} IS NOT NULL`).join(' AND ');
    const rows = await reader.query(
      `SELECT MIN(CONCAT_WS(', ', ${shown.join(', ')})) AS one, COUNT(*) AS found FROM ${quoteTable(titleOf(table))}
        WHERE ${filled} GROUP BY ${parts.join(', ')} HAVING COUNT(*) > 1 ORDER BY 1`,
      [],
      signal,
    );
    if (rows.length === 0) continue;
    found.push({
      ...{ object: titleOf(table), column: columns.map((pair) => pair?.[0].name).join(', ') },
      rows: rows.reduce((sum, row) => sum + Number(row['found']), 0),
      keys: rows.slice(0, listedKeys).map((row) => row['one'] ?? ''),
      text: `keys that ${index.name} of the target takes for equal: PostgreSQL refuses all but one`,
      remedy: 'make them differ in more than case, or let the target tell them apart',
    });
  }
  return found;
}

/** The source may never have checked them, and it compares texts by collations that the target does not have. */
async function orphans({
  table,
  reader,
  rowsPerChunk,
  signal,
}: Parameters<typeof acrossRows>[0]): Promise<DataFinding[]> {
  const found: DataFinding[] = [];
  for (const key of table.foreignKeys) {
    const own = key.columns.map((name) => quote(name));
    const names = own.map((name) => `c.${name}`);
    const isText = key.columns.map((name) => table.columns.find((column) => column.name === name)?.folds !== undefined);
    const joined = names.map((name, at) => `${name} = p.${quote(key.parentColumns[at] ?? '')}`).join(' AND ');
    const missing = names.map((name, at) => {
      const parent = `p.${quote(key.parentColumns[at] ?? '')}`;
      return isText[at] ? `${parent} IS NULL OR BINARY ${name} <> BINARY ${parent}` : `${parent} IS NULL`;
    });
    const filled = own.map((name) => `${name} IS NOT NULL`).join(' AND ');
    const keys = new Set<string>();
    let rows = 0;
    for await (const { condition, values } of chunksOf(table, rowsPerChunk, reader, signal)) {
      const lost = await reader.query(
        `SELECT CONCAT_WS(', ', ${names.join(', ')}) AS one, COUNT(*) AS found
           FROM (SELECT ${own.join(', ')} FROM ${quoteTable(titleOf(table))} WHERE (${condition}) AND ${filled}) c
           LEFT JOIN ${quoteTable(key.parent)} p ON ${joined}
          WHERE ${missing.join(' OR ')} GROUP BY 1 ORDER BY 1`,
        values,
        signal,
      );
      rows += lost.reduce((sum, row) => sum + Number(row['found']), 0);
      for (const row of lost) if (keys.size < listedKeys) keys.add(row['one'] ?? '');
    }
    if (rows === 0) continue;
    found.push({
      ...{ object: titleOf(table), column: key.columns.join(', '), rows, keys: [...keys].sort() },
      text: `references to ${key.parent} without a row there that is the same letter by letter: the foreign key ${key.name} does not hold on the target`,
      remedy: 'delete them, or write them as they stand in the parent',
    });
  }
  return found;
}
