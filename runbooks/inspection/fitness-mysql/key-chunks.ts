import type { SqlReader } from '../../ports/sql-reader';
import { ddlOf } from '../across/ddl';
import { titleOf, type ModelColumn, type ModelTable } from '../across/model';

const { name: quote, table: quoteTable } = ddlOf.mysql;

export interface Chunk {
  readonly condition: string;
  readonly values: readonly string[];
}
const everything: Chunk = { condition: 'TRUE', values: [] };

/** Columns of the primary key; none where there is no key. */
export const keyOf = (table: ModelTable): ModelColumn[] =>
  (table.indexes.find(({ isPrimary }) => isPrimary)?.columns ?? []).flatMap(
    (name) => table.columns.find((column) => column.name === name) ?? [],
  );

/** A bound as a literal of the column's own kind: digits as digits, else large ones are compared as doubles. */
const literalOf = ({ capacity, type }: ModelColumn): ((text: string) => { sql: string; values: string[] }) => {
  if (capacity.kind === 'bytes' || type.name === 'bit') return (text) => ({ sql: 'UNHEX(?)', values: [text] });
  if (['integer', 'decimal', 'boolean'].includes(capacity.kind))
    return (text) => ({ sql: /^-?[\d.]+$/.test(text) ? text : '0', values: [] });
  return (text) => ({ sql: '?', values: [text] });
};

/** Rows above a key in the order of the index: `a > x OR (a = x AND b > y)`. */
function compare(key: readonly ModelColumn[], bound: readonly string[], last: '>' | '<=', at = 0): Chunk {
  const column = key[at] as ModelColumn;
  const one = literalOf(column)(bound[at] ?? '');
  const left = quote(column.name);
  if (at === key.length - 1) return { condition: `${left} ${last} ${one.sql}`, values: one.values };
  const rest = compare(key, bound, last, at + 1);
  return {
    condition: `${left} ${last.slice(0, 1)} ${one.sql} OR (${left} = ${one.sql} AND (${rest.condition}))`,
    values: [...one.values, ...one.values, ...rest.values],
  };
}

/** Cuts a table into ranges of its primary key, each to be read by a short statement; one range where there is none. */
export async function* chunksOf(
  table: ModelTable,
  rows: number,
  reader: SqlReader,
  signal: AbortSignal,
): AsyncGenerator<Chunk> {
  const key = keyOf(table);
  if (key.length === 0) {
    yield everything;
    return;
  }
  const names = key.map(({ name }) => quote(name)).join(', ');
  let after: string[] | undefined;
  for (;;) {
    const lower: Chunk = after ? compare(key, after, '>') : everything;
    const bound: Record<string, string | null> | undefined = (
      await reader.query(
        `SELECT ${names} FROM ${quoteTable(titleOf(table))} WHERE (${lower.condition}) ORDER BY ${names} LIMIT ${rows - 1}, 1`,
        lower.values,
        signal,
      )
    )[0];
    if (!bound) {
      yield lower;
      return;
    }
    const upTo = key.map(({ name }) => bound[name] ?? '');
    const upper = compare(key, upTo, '<=');
    yield { condition: `(${lower.condition}) AND (${upper.condition})`, values: [...lower.values, ...upper.values] };
    after = upTo;
  }
}
