import type { Manifest } from '../../definition/manifest/sections';
import type { ChangedKeys, CollectedChanges } from '../ports/changed-keys';
import type { Clock } from '../ports/clock';
import type { Effect } from '../ports/effect';
import { ComparedTable } from './compared-table';
import type { PairedTable } from './pair-tables';
import { readPairs } from './read-pairs';
import { passOverTable, type TablePass } from './table-pass';
import { listedKeys, summarise, type TableResult, type VerificationResult } from './result';
import { distinctKeys, type Difference } from './row-difference';
import { type Key } from './table-key';
import { Lane, type VerifiedSide } from './verified-side';
import { unverified } from './unverified';

export interface ChangedKeysVerification {
  readonly primary: VerifiedSide;
  readonly other: VerifiedSide;
  readonly tables: Manifest['tables'];
  /** The feed of the primary, open since before the last clean full verification began. */
  readonly feed: ChangedKeys;
  readonly clock: Clock;
  /** Performs the effect that lets the log go which is proven. */
  readonly perform: (effect: Effect) => Promise<void>;
  readonly signal: AbortSignal;
}

export interface CatchUp {
  /** True when the last round held few keys and all of them were equal. */
  readonly caughtUp: boolean;
  readonly rounds: number;
  /** Keys that were still different at the end, and rows compared in all. */
  readonly openKeys: number;
  readonly comparedKeys: number;
  /** Keys of the last round: about as many will be open under the fence. */
  readonly lastRoundKeys: number;
  /** How long the proof under the fence takes if as many keys are open then. */
  readonly predictedQuietMilliseconds: number;
  /** Tables compared in every row, as no key described the change, in which more differs than can be compared again. */
  readonly wholeTables: readonly string[];
}

/**
 * Before the fence: compares the written keys again and again until few are open, so that the proof under the fence costs
 * what was written in the last moments. A key counts as proven when it was equal after its change was seen.
 */
export async function catchUpWithChanges(
  on: ChangedKeysVerification & {
    /** How long replication may need: a key that differs is compared again after it. */
    readonly settleMilliseconds: number;
    readonly rechecks: number;
    readonly fewKeys: number;
    readonly rounds: number;
  },
): Promise<CatchUp> {
  const compared = await ComparedTables.read(on);
  let comparedKeys = 0;
  for (let round = 1; ; round += 1) {
    const began = on.clock.nowMilliseconds();
    const changes = await on.feed.collect(compared.keyColumns, on.signal);
    const collected = on.clock.nowMilliseconds();
    const keys = compared.group(changes);
    const whole = await compared.passOver(changes.wholeTables, on.signal);
    let open = merged(await compared.differing(keys, on.signal), whole);
    const milliseconds = on.clock.nowMilliseconds() - collected;
    for (let recheck = 0; recheck < on.rechecks && sizeOf(open) > 0; recheck += 1) {
      await on.clock.sleep(on.settleMilliseconds, on.signal);
      open = await compared.differing(open, on.signal);
    }
    const wholeTables = [...whole].filter(([, pass]) => pass.uncounted > 0).map(([table]) => table.name);
    const [lastRoundKeys, openKeys] = [sizeOf(keys), sizeOf(open)];
    comparedKeys += lastRoundKeys;
    const proven = openKeys === 0 && wholeTables.length === 0;
    if (proven) await on.perform(on.feed.confirm(changes.position));
    const caughtUp = proven && changes.complete && lastRoundKeys <= on.fewKeys;
    if (caughtUp || !proven || round >= on.rounds) {
      const predictedQuietMilliseconds = collected - began + milliseconds;
      return {
        caughtUp,
        rounds: round,
        openKeys,
        comparedKeys,
        lastRoundKeys,
        predictedQuietMilliseconds,
        wholeTables,
      };
    }
  }
}

/**
 * Under the fence and after the drain: compares the keys that are not proven yet, once. With the full verification that
 * the feed has been open since, that proves every row. The result counts the compared keys as its rows.
 */
export async function verifyChangedKeys(on: ChangedKeysVerification): Promise<VerificationResult> {
  const began = on.clock.nowMilliseconds();
  const compared = await ComparedTables.read(on);
  const results = new Map<string, TableResult>(compared.unpaired.map((pair) => [pair.table, unverified(pair)]));
  for (;;) {
    const changes = await on.feed.collect(compared.keyColumns, on.signal);
    const keys = compared.group(changes);
    for (const [table, found] of await compared.compare(keys, on.signal)) {
      const rows = (results.get(table.name)?.rows ?? 0) + (keys.get(table)?.length ?? 0);
      const divergentKeys = await table.explain(found.slice(0, listedKeys), on.signal);
      const status = found.length === 0 ? 'equal' : 'divergent';
      results.set(table.name, { table: table.name, rows, status, divergentRows: found.length, divergentKeys });
    }
    for (const [table, pass] of await compared.passOver(changes.wholeTables, on.signal)) {
      // By key once more: where the sides order keys differently, a row may have stood in different ranges.
      const found = await table.compareKeys(distinctKeys(pass.differences), on.signal);
      const divergentKeys = await table.explain(found.slice(0, listedKeys), on.signal);
      const divergentRows = found.length + pass.uncounted;
      const status = divergentRows === 0 ? 'equal' : 'divergent';
      results.set(table.name, { table: table.name, rows: pass.rows, status, divergentRows, divergentKeys });
    }
    const clean = [...results.values()].every((one) => one.status === 'equal' || one.waived);
    if (changes.complete || !clean) break;
    await on.perform(on.feed.confirm(changes.position));
  }
  return summarise([...results.values()], on.clock.nowMilliseconds() - began);
}

type Keys = ReadonlyMap<ComparedTable, readonly Key[]>;
const sizeOf = (keys: Keys): number => [...keys.values()].reduce((sum, of) => sum + of.length, 0);

/** Keys that differ, and those that differed where every row was read. */
function merged(keys: Keys, passes: ReadonlyMap<ComparedTable, TablePass>): Keys {
  const all = new Map(keys);
  for (const [table, { differences }] of passes)
    if (differences.length > 0) all.set(table, [...(all.get(table) ?? []), ...distinctKeys(differences)]);
  return all;
}

/** The tables of both sides that can be compared by key, and those that cannot. */
class ComparedTables {
  readonly keyColumns: ReadonlyMap<string, readonly string[]>;
  readonly unpaired: readonly PairedTable[];
  private readonly tables: ReadonlyMap<string, ComparedTable>;

  private constructor(pairs: readonly PairedTable[], on: ChangedKeysVerification) {
    const now = () => on.clock.nowMilliseconds();
    const ends = {
      ...{ primary: on.primary, primaryLane: new Lane(on.primary.reader, now) },
      ...{ other: on.other, otherLane: new Lane(on.other.reader, now) },
    };
    const tables = new Map<string, ComparedTable>();
    const keyColumns = new Map<string, readonly string[]>();
    for (const { table, primary, other, unverified: reason } of pairs) {
      if (!primary || !other || reason !== undefined) continue;
      tables.set(table, new ComparedTable(table, { primary, other }, ends));
      keyColumns.set(
        table,
        primary.key.map((column) => column.name),
      );
    }
    this.tables = tables;
    this.keyColumns = keyColumns;
    this.unpaired = pairs.filter((pair) => !tables.has(pair.table));
  }

  static async read(on: ChangedKeysVerification): Promise<ComparedTables> {
    return new ComparedTables(await readPairs(on), on);
  }

  group(changes: CollectedChanges): Keys {
    const found = new Map<ComparedTable, Key[]>();
    for (const { table: name, key } of changes.keys) {
      const table = this.tables.get(name);
      const keys = table && found.get(table);
      if (keys) keys.push(key);
      else if (table) found.set(table, [key]);
    }
    return found;
  }

  async compare(keys: Keys, signal: AbortSignal): Promise<Map<ComparedTable, Difference[]>> {
    const found = new Map<ComparedTable, Difference[]>();
    for (const [table, of] of keys) found.set(table, await table.compareKeys(of, signal));
    return found;
  }

  async differing(keys: Keys, signal: AbortSignal): Promise<Keys> {
    const found = [...(await this.compare(keys, signal))].filter(([, of]) => of.length > 0);
    return new Map(found.map(([table, of]) => [table, of.map((one) => one.key)]));
  }

  /**
   * Every row of these tables: something changed in them that no key describes. Others are nobody's, or unverified anyway.
   */
  async passOver(names: readonly string[], signal: AbortSignal): Promise<Map<ComparedTable, TablePass>> {
    const passes = new Map<ComparedTable, TablePass>();
    for (const name of names) {
      const table = this.tables.get(name);
      if (table) passes.set(table, await passOverTable(table, () => undefined, signal));
    }
    return passes;
  }
}
