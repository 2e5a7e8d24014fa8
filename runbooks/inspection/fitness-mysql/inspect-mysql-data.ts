import type { Manifest } from '../../../definition/manifest/sections';
import { renamingOf } from '../../../definition/replication/renaming';
import type { Clock } from '../../ports/clock';
import type { SqlReader } from '../../ports/sql-reader';
import { readModel, type ComparedSide } from '../across/compare-across';
import { ddlOf } from '../across/ddl';
import { titleOf, type ModelColumn, type ModelTable } from '../across/model';
import { chunksOf, keyOf } from './key-chunks';
import { acrossRows } from './across-rows';
import type { DataFinding } from './data-finding';
import { probesOf, type Probe } from './probes';
import { throttledReader } from './throttled-reader';

const usualRows = 20_000;
const usualPercent = 50;
const listedKeys = 3;
const { name: quote, table: quoteTable } = ddlOf.mysql;

/** How far the reading is: after every chunk. */
export interface DataProgress {
  /** schema.table on the source. */
  readonly table: string;
  /** From 1, among all tables that are read. */
  readonly tableNumber: number;
  readonly tables: number;
  /** From 1, of this table. */
  readonly chunk: number;
  /** Of this table, until now. */
  readonly rows: number;
  /** Of all tables, until now. */
  readonly findings: number;
}

/**
 * Reads every row of a MySQL source once, in ranges of the primary key: each range is a READ ONLY statement of its own, and
 * after each the server is left alone, for as long as it took where nothing else is said. Nothing is locked. One statement
 * reads a whole table where it has no primary key, and once more for each unique key that folds letters on the target: no
 * index of the source has that order.
 */
export async function inspectMysqlData(on: {
  source: ComparedSide;
  target: ComparedSide;
  tables: Manifest['tables'];
  clock: Clock;
  /** Rows per statement. */
  rowsPerChunk?: number;
  /** Share of the time that reading may take, 1..100. */
  throttlePercent?: number;
  onProgress?(progress: DataProgress): void;
  /** Told of a table without a counterpart: what the target would take of it is not known. */
  onUnread?(table: string): void;
  signal: AbortSignal;
}): Promise<DataFinding[]> {
  const [source, target] = await Promise.all([
    readModel(on.source, on.tables, true, on.signal),
    readModel(on.target, on.tables, false, on.signal),
  ]);
  const renaming = renamingOf(on.tables.transformations ?? [], true);
  const there = new Map(target.tables.map((table) => [titleOf(table), table]));
  const reader = throttledReader(on.source.reader, on.throttlePercent ?? usualPercent, on.clock);
  const found: DataFinding[] = [];
  for (const [at, table] of source.tables.entries()) {
    const object = titleOf(table);
    const counterpart = there.get(renaming.table(object));
    if (!counterpart) {
      on.onUnread?.(object);
      continue;
    }
    const pairs = table.columns.flatMap((column): [ModelColumn, ModelColumn][] => {
      const to = counterpart.columns.find(({ name }) => name === renaming.column(object, column.name));
      return to && !renaming.isDropped(object, column.name) && column.generated === undefined ? [[column, to]] : [];
    });
    const keyed = new Set(table.indexes.filter(({ isUnique }) => isUnique).flatMap(({ columns }) => columns));
    const rowsPerChunk = on.rowsPerChunk ?? usualRows;
    found.push(
      ...(await probeTable(
        table,
        pairs.flatMap(([one, two]) => probesOf(one, two, keyed.has(one.name))),
        {
          ...{ reader, rowsPerChunk, signal: on.signal },
          onChunk: (chunk, rows, findings) =>
            on.onProgress?.({
              ...{ table: object, tableNumber: at + 1, tables: source.tables.length, chunk, rows },
              findings: found.length + findings,
            }),
        },
      )),
    );
    found.push(...(await acrossRows({ table, counterpart, pairs, reader, rowsPerChunk, signal: on.signal })));
  }
  return found;
}

async function probeTable(
  table: ModelTable,
  probes: readonly Probe[],
  on: {
    reader: SqlReader;
    rowsPerChunk: number;
    onChunk(chunk: number, rows: number, findings: number): void;
    signal: AbortSignal;
  },
): Promise<DataFinding[]> {
  const { reader } = on;
  const [from, object] = [quoteTable(titleOf(table)), titleOf(table)];
  const counts = probes.map(() => 0);
  const samples = probes.map((): string[] => []);
  const sums = probes.map(({ condition }, at) => `, SUM(${condition}) AS p${at}`).join('');
  const names = keyOf(table).map(({ name }) => quote(name));
  let [chunk, rows] = [0, 0];
  for await (const { condition, values } of chunksOf(table, on.rowsPerChunk, reader, on.signal)) {
    const [row] = await reader.query(
      `SELECT COUNT(*) AS found${sums} FROM ${from} WHERE ${condition}`,
      values,
      on.signal,
    );
    rows += Number(row?.['found']);
    for (const [at, probe] of probes.entries()) {
      const count = Number(row?.[`p${at}`] ?? 0);
      counts[at] = (counts[at] ?? 0) + count;
      const known = samples[at] as string[];
      if (count === 0 || names.length === 0 || known.length >= listedKeys) continue;
      const keys = await reader.query(
        `SELECT ${names.join(', ')} FROM ${from} WHERE (${probe.condition}) AND ${condition} LIMIT ${listedKeys - known.length}`,
        values,
        on.signal,
      );
      known.push(...keys.map((key) => Object.values(key).join(', ')));
    }
    chunk += 1;
    on.onChunk(chunk, rows, counts.filter((count) => count > 0).length);
  }
  return probes.flatMap((probe, at): DataFinding[] =>
    counts[at] === 0
      ? []
      : [
          {
            ...{ object, column: probe.column, rows: counts[at] as number, keys: samples[at] as string[] },
            text: `${probe.found}: ${probe.effect}`,
            remedy: probe.remedy,
            ...(probe.isNote && { isNote: true }),
          },
        ],
  );
}
