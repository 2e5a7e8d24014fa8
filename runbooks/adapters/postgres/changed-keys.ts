import type { ChangedKey, ChangedKeys, CollectedChanges } from '../../ports/changed-keys';
import { readChangedTables, type ChangedTable } from './changed-tables';
import { sharedEpoch } from './effect-connection';
import { effectOn } from '../database/side';
import type { PostgresSide } from './postgres-side';
import { slots } from './slots';
import { objectInUse, sqlState } from './sql-error';
import { parseChange, type DecodedChange } from './test-decoding';

const pollMilliseconds = 20;
/** Another run of ours may be reading the feed at this moment. */
const busyPatienceMilliseconds = 10_000;
/** Changes per answer; a transaction is never split, so one larger than this still comes whole. */
const changesPerAnswer = 50_000;

const feedTable = `CREATE TABLE IF NOT EXISTS cutover_local.changed_keys_feed (
  slot text PRIMARY KEY, opened_at_milliseconds bigint NOT NULL)`;

/** Printed keys must not depend on what the session is set to; the filter is evaluated before the function is called. */
const settings = `(SELECT set_config('DateStyle', 'ISO, YMD', true) || set_config('TimeZone', 'UTC', true)
  || set_config('IntervalStyle', 'postgres', true) || set_config('bytea_output', 'hex', true)
  || set_config('extra_float_digits', '1', true)) IS NOT NULL`;

const changedKeysSlot = (migration: string): string => `cutover_verify_${migration.replaceAll('-', '_')}`;

/** The feed over a logical slot of its own, decoded by test_decoding: no publication, no extension. */
export function changedKeys(side: PostgresSide): ChangedKeys {
  const name = changedKeysSlot(side.migration);
  const slot = slots(side);
  const rows = (sql: string, values: readonly unknown[], signal: AbortSignal) => side.reading.rows(sql, values, signal);

  const openedAtMilliseconds = async (signal: AbortSignal): Promise<number | undefined> => {
    const reading = await slot.readSlot(name, signal);
    if (!reading || reading.retention === 'lost') return undefined;
    const [table] = await rows(`SELECT to_regclass('cutover_local.changed_keys_feed')::text AS found`, [], signal);
    if (!table?.['found']) return undefined;
    const query = 'SELECT opened_at_milliseconds AS at FROM cutover_local.changed_keys_feed WHERE slot = $1';
    const [row] = await rows(query, [name], signal);
    return row ? Number(row['at']) : undefined;
  };

  /** A committed transaction shows in the log a moment before readers see it; its lock on its own id is the last to go. */
  const visible = async (transactions: readonly string[], signal: AbortSignal): Promise<void> => {
    const query = `SELECT count(*) AS open FROM pg_locks
      WHERE locktype = 'transactionid' AND granted AND mode = 'ExclusiveLock' AND transactionid::text = ANY ($1::text[])`;
    for (;;) {
      const [row] = await rows(query, [transactions], signal);
      if (row?.['open'] === '0') return;
      await side.clock.sleep(pollMilliseconds, signal);
    }
  };

  const peek = async (upTo: string, signal: AbortSignal) => {
    const began = side.clock.nowMilliseconds();
    const query = `SELECT lsn::text, xid::text, data FROM pg_logical_slot_peek_changes($1, $2::pg_lsn, $3::int,
        'skip-empty-xacts', '1', 'include-xids', '1') WHERE ${settings}`;
    for (;;) {
      try {
        return await rows(query, [name, upTo, changesPerAnswer], signal);
      } catch (error) {
        if (sqlState(error) !== objectInUse || side.clock.nowMilliseconds() - began > busyPatienceMilliseconds)
          throw error;
        await side.clock.sleep(pollMilliseconds, signal);
      }
    }
  };

  return {
    openedAtMilliseconds,

    open: () =>
      effectOn(side, 'open-changed-keys', {
        touches: `replication slot ${name} on the ${side.title}`,
        precheck: async (signal) => (await openedAtMilliseconds(signal)) !== undefined,
        act: async (effects, signal) => {
          // In this order a crash leaves a slot without its time, never a time that is older than its slot.
          await effects.transaction(signal, async (statement) => {
            await statement(feedTable);
            await statement('DELETE FROM cutover_local.changed_keys_feed WHERE slot = $1', [name]);
          });
          await slot.createSlot(name).act(signal);
          await effects.transaction(signal, (statement) =>
            statement(
              `INSERT INTO cutover_local.changed_keys_feed
               VALUES ($1, ceil(extract(epoch FROM clock_timestamp()) * 1000))`,
              [name],
            ),
          );
        },
        verify: async (signal) => (await openedAtMilliseconds(signal)) !== undefined,
      }),

    collect: async (keyColumns, signal) => {
      const [end] = await rows('SELECT pg_current_wal_flush_lsn()::text AS lsn', [], signal);
      const upTo = end?.['lsn'] ?? '0/0';
      const decoded = await peek(upTo, signal);
      await visible([...new Set(decoded.map((row) => row['xid'] ?? ''))], signal);
      const changes = decoded.flatMap((row) => parseChange(row['data'] ?? '') ?? []);
      const tables = await readChangedTables(rows, new Set(changes.map((change) => change.quotedTable)), signal);
      const complete = decoded.length < changesPerAnswer;
      // The line of a COMMIT carries the end of its record: where the next transaction may begin.
      const position = complete ? upTo : (decoded.at(-1)?.['lsn'] ?? upTo);
      return { ...keysOf(changes, tables, keyColumns), position, complete };
    },

    confirm: (position) => {
      const confirmed = async (signal: AbortSignal) => {
        const query =
          'SELECT (confirmed_flush_lsn >= $2::pg_lsn)::text AS reached FROM pg_replication_slots WHERE slot_name = $1';
        return (await rows(query, [name, position], signal))[0]?.['reached'] === 'true';
      };
      return effectOn(side, 'confirm-changed-keys', {
        touches: `replication slot ${name} on the ${side.title}`,
        precheck: confirmed,
        act: async (effects, signal) => {
          await effects.transaction(
            signal,
            (statement) => statement('SELECT pg_replication_slot_advance($1, $2::pg_lsn)', [name, position]),
            sharedEpoch,
          );
        },
        verify: confirmed,
      });
    },

    close: () => ({ ...slot.dropSlot(name), name: `close-changed-keys-${side.side}` }),
  };
}

/** The keys that changes touched, each once, and the tables where that cannot be told. */
function keysOf(
  changes: readonly DecodedChange[],
  tables: ReadonlyMap<string, ChangedTable>,
  keyColumns: ReadonlyMap<string, readonly string[]>,
): Pick<CollectedChanges, 'keys' | 'wholeTables'> {
  const keys = new Map<string, ChangedKey>();
  const wholeTables = new Set<string>();
  for (const change of changes) {
    const found = tables.get(change.quotedTable);
    const table = [found?.name, found?.root].find((one) => one !== undefined && keyColumns.has(one));
    const columns = table === undefined ? undefined : keyColumns.get(table);
    if (table === undefined || !columns) {
      // A table that is not compared by key; whoever asked knows whether that matters.
      wholeTables.add(found?.root ?? found?.name ?? change.quotedTable);
      continue;
    }
    // An insert has no old row; every other change must bring the old key where it differs.
    const known = change.action === 'INSERT' || columns.every((column) => found?.identity.has(column));
    const touched = change.tuples.map((tuple) => columns.map((column) => tuple.get(column)));
    if (!known || touched.length === 0 || touched.some((key) => key.includes(undefined))) {
      wholeTables.add(table);
      continue;
    }
    for (const key of touched as string[][]) keys.set(JSON.stringify([table, key]), { table, key });
  }
  return { keys: [...keys.values()], wholeTables: [...wholeTables] };
}
