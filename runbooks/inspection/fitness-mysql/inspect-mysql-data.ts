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
import { ProbeTally } from './probe-tally';
import { throttledReader } from './throttled-reader';

const usualRows = 20_000;
const usualPercent = 50;
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

/** What is known when the reading ends before its time. */
export interface CutShort {
  readonly found: readonly DataFinding[];
  /** The table that was being read; absent where none was. */
  readonly partly?: string;
  /** Absent where the tables are not known yet. */
  readonly notLookedAt?: readonly string[];
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
  /** Told before the error of a reading that ends in the middle, interrupted or failed. */
  onCutShort?(known: CutShort): void;
  signal: AbortSignal;
}): Promise<DataFinding[]> {
  const [source, target] = await Promise.all([
    readModel(on.source, on.tables, true, on.signal),
    readModel(on.target, on.tables, false, on.signal),
  ]).catch((error: unknown) => {
    on.onCutShort?.({ found: [] });
    throw error;
  });
  const renaming = renamingOf(on.tables.transformations ?? [], true);
  const there = new Map(target.tables.map((table) => [titleOf(table), table]));
  const reader = throttledReader(on.source.reader, on.throttlePercent ?? usualPercent, on.clock);
  const found: DataFinding[] = [];
  const titles = source.tables.map(titleOf);
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
    const probes = pairs.flatMap(([one, two]) => probesOf(one, two, keyed.has(one.name)));
    const tally = new ProbeTally(object, probes);
    try {
      await probeTable(table, probes, tally, {
        ...{ reader, rowsPerChunk, signal: on.signal },
        onChunk: (chunk, rows) =>
          on.onProgress?.({
            ...{ table: object, tableNumber: at + 1, tables: source.tables.length, chunk, rows },
            findings: found.length + tally.findings().length,
          }),
      });
      const across = await acrossRows({ table, counterpart, pairs, reader, rowsPerChunk, signal: on.signal });
      found.push(...tally.findings(), ...across);
    } catch (error) {
      const known = [...found, ...tally.findings()];
      on.onCutShort?.({ found: known, partly: object, notLookedAt: titles.slice(at + 1) });
      throw error;
    }
  }
  return found;
}

async function probeTable(
  table: ModelTable,
  probes: readonly Probe[],
  tally: ProbeTally,
  on: { reader: SqlReader; rowsPerChunk: number; onChunk(chunk: number, rows: number): void; signal: AbortSignal },
): Promise<void> {
  const { reader } = on;
  const from = quoteTable(titleOf(table));
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
      tally.add(at, count);
      if (count === 0 || names.length === 0 || tally.keysWanted(at) <= 0) continue;
      const keys = await reader.query(
        `SELECT ${names.join(', ')} FROM ${from} WHERE (${probe.condition}) AND ${condition} LIMIT ${tally.keysWanted(at)}`,
        values,
        on.signal,
      );
      tally.tell(
        at,
        keys.map((key) => Object.values(key).join(', ')),
      );
    }
    chunk += 1;
    on.onChunk(chunk, rows);
  }
}
