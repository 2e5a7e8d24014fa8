import type { Manifest } from '../../definition/manifest/sections';
import type { Clock } from '../ports/clock';
import { ComparedTable } from './compared-table';
import { engineRefusal } from './engine-refusal';
import type { PairedTable } from './pair-tables';
import { readPairs } from './read-pairs';
import { unverified } from './unverified';
import { listedKeys, summarise, type TableResult, type VerificationProgress, type VerificationResult } from './result';
import { distinctKeys, type Difference } from './row-difference';
import { passOverTable, type TablePass } from './table-pass';
import { dialectOf, Lane, type VerifiedSide } from './verified-side';

export type * from './result';

export interface Verification {
  readonly primary: VerifiedSide;
  readonly other: VerifiedSide;
  readonly tables: Manifest['tables'];
  readonly clock: Clock;
  /** With writes running: how long to wait before a differing key is compared again; above the replication lag. */
  readonly settleMilliseconds: number;
  /** How often a differing key is compared again before it counts as divergent. */
  readonly rechecks: number;
  /** Nobody writes (under the fence): what differs, differs; nothing is waited for. */
  readonly quiet: boolean;
  onProgress?(progress: VerificationProgress): void;
  readonly signal: AbortSignal;
}

interface OpenTable {
  readonly pair: PairedTable;
  readonly table: ComparedTable;
  readonly pass: TablePass;
  open: readonly Difference[];
}

/**
 * Compares every row and every column of the selected tables on both sides, inside the engines. A row that changed while
 * it was read is compared again by its key, and counts only if it stays different. Throws when a side cannot be
 * reached; what an engine refuses to compare is an unverified table, never an equal one.
 */
export async function verifyTables(on: Verification): Promise<VerificationResult> {
  const started = on.clock.nowMilliseconds();
  const now = () => on.clock.nowMilliseconds();
  const lanes = { primaryLane: new Lane(on.primary.reader, now), otherLane: new Lane(on.other.reader, now) };
  const pairs = await readPairs(on);
  const results = new Map<string, TableResult>();
  const open: OpenTable[] = [];
  const progress = { rows: 0, openKeys: 0, tables: pairs.length };

  for (const [tablesDone, pair] of pairs.entries()) {
    const report = (rows: number, differing: number) => {
      progress.rows += rows;
      progress.openKeys += differing;
      on.onProgress?.({ ...progress, table: pair.table, tablesDone });
    };
    const outcome = await engineRefusal(async () => {
      const shapes = pair.primary && pair.other && { primary: pair.primary, other: pair.other };
      if (pair.unverified !== undefined || !shapes) return withoutRows(pair, on, lanes);
      const table = new ComparedTable(pair.table, shapes, { ...on, ...lanes });
      const pass = await passOverTable(table, report, on.signal);
      return { pair, table, pass, open: pass.differences };
    });
    if ('refusal' in outcome) results.set(pair.table, unverified({ ...pair, unverified: outcome.refusal }));
    else if ('open' in outcome) open.push(outcome);
    else results.set(pair.table, outcome);
  }
  await recheck(open, on);
  for (const one of open) results.set(one.pair.table, await conclude(one, on.signal));
  return summarise(
    pairs.map((pair) => results.get(pair.table) ?? unverified(pair)),
    now() - started,
  );
}

/**
 * Compares what differed again by key, all tables together, until nothing differs or the patience is over. The first time
 * at once: where the sides order keys differently, a row may have stood in different ranges and is not different.
 */
async function recheck(tables: readonly OpenTable[], on: Verification): Promise<void> {
  const patience = on.quiet ? 0 : on.rechecks;
  for (let attempt = 0; attempt <= patience; attempt += 1) {
    const left = tables.filter((one) => one.open.length > 0 && one.pass.uncounted === 0);
    if (left.length === 0) return;
    if (attempt > 0) await on.clock.sleep(on.settleMilliseconds, on.signal);
    for (const one of left) one.open = await one.table.compareKeys(distinctKeys(one.open), on.signal);
  }
}

async function conclude({ pair, table, pass, open }: OpenTable, signal: AbortSignal): Promise<TableResult> {
  const divergentRows = open.length + pass.uncounted;
  return {
    table: pair.table,
    rows: pass.rows,
    status: divergentRows === 0 ? 'equal' : 'divergent',
    reason: pass.uncounted === 0 ? undefined : 'so many rows differ that they were not compared again',
    divergentRows,
    divergentKeys: await table.explain(open.slice(0, listedKeys), signal),
  };
}

/** A table that cannot be compared row by row: unverified, or divergent in every row where it stands on one side only. */
async function withoutRows(
  pair: PairedTable,
  on: Verification,
  { primaryLane, otherLane }: { primaryLane: Lane; otherLane: Lane },
): Promise<TableResult> {
  const shape = pair.primary ?? pair.other;
  if (pair.unverified !== undefined || !shape) return unverified(pair);
  const [side, lane] = pair.onlyOn === 'other' ? [on.other, otherLane] : [on.primary, primaryLane];
  const counted = await lane.run(dialectOf(side.engine).statements(shape).countRows(), on.signal);
  const rows = Number(counted.rows[0]?.rows);
  return {
    table: pair.table,
    rows: pair.onlyOn === 'other' ? 0 : rows,
    status: 'divergent',
    reason: `the table is missing on the ${pair.onlyOn === 'other' ? 'primary' : 'other side'}`,
    // A missing table is a difference even when it is empty.
    divergentRows: Math.max(rows, 1),
    divergentKeys: [],
  };
}
