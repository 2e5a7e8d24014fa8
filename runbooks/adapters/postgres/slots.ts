import type { SlotReading, Slots } from '../../ports/slots';
import { sharedEpoch } from './effect-connection';
import { idleSlots, logRetention } from './log-retention';
import { effectOn } from '../database/side';
import type { PostgresSide } from './postgres-side';
import { objectInUse, sqlState } from './sql-error';

const pollMilliseconds = 100;
/** A replication that was stopped lets go of its slot within moments. */
const releasePatienceMilliseconds = 10_000;

export function slots(side: PostgresSide): Slots {
  const read = async (name: string, signal: AbortSignal) => {
    const [row] = await side.reading.rows(
      `SELECT slot_name AS name, plugin, active::text, coalesce(active_pid::text, '') AS pid,
              coalesce(confirmed_flush_lsn::text, '0/0') AS confirmed, coalesce(wal_status, 'reserved') AS retention,
              coalesce(pg_current_wal_lsn() - restart_lsn, 0)::text AS bytes
         FROM pg_replication_slots
        WHERE slot_name = $1 AND slot_type = 'logical' AND database = current_database()`,
      [name],
      signal,
    );
    return row;
  };
  const isFree = async (name: string, signal: AbortSignal) => (await read(name, signal)) === undefined;

  const drop = async (name: string, signal: AbortSignal) => {
    const began = side.clock.nowMilliseconds();
    for (;;) {
      try {
        await side.effects?.transaction(
          signal,
          (statement) =>
            statement(
              `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
                WHERE slot_name = $1 AND slot_type = 'logical' AND database = current_database()`,
              [name],
            ),
          sharedEpoch,
        );
        return;
      } catch (error) {
        if (sqlState(error) !== objectInUse) throw error;
        if (side.clock.nowMilliseconds() - began > releasePatienceMilliseconds)
          throw new Error(`slot ${name} on the ${side.title} is in use: stop the replication that reads it first`, {
            cause: error,
          });
        await side.clock.sleep(pollMilliseconds, signal);
      }
    }
  };

  return {
    readSlot: async (name, signal): Promise<SlotReading | undefined> => {
      const row = await read(name, signal);
      return (
        row && {
          name,
          active: row['active'] === 'true',
          confirmedPosition: row['confirmed'] as string,
          retention: row['retention'] as string,
          retainedBytes: Number(row['bytes']),
        }
      );
    },

    readRetention: (signal) => logRetention(side, signal),

    inUse: async (signal) => {
      const rows = await side.reading.rows(
        `SELECT s.slot_name AS name FROM pg_replication_slots s JOIN pg_stat_activity a ON a.pid = s.active_pid
          WHERE s.slot_type = 'logical' AND s.database = current_database()
            AND a.usename = ANY ($1::text[]) AND a.usename <> $2 ORDER BY 1`,
        [side.manifest.accounts.allowed, side.account],
        signal,
      );
      return rows.map((row) => row['name'] as string);
    },

    idle: (signal) => idleSlots(side, signal),

    createSlot: (name) =>
      effectOn(side, 'create-slot', {
        touches: `replication slot ${name} on the ${side.title}`,
        act: async (effects, signal) => {
          await drop(name, signal);
          // Waits until every transaction that is open now has ended.
          await effects.transaction(
            signal,
            (statement) => statement(`SELECT pg_create_logical_replication_slot($1, 'test_decoding')`, [name]),
            sharedEpoch,
          );
        },
        verify: async (signal) => (await read(name, signal))?.['plugin'] === 'test_decoding',
      }),

    advanceSlot: (name) => {
      let wanted: string | undefined;
      return effectOn(side, 'advance-slot', {
        touches: `replication slot ${name} on the ${side.title}`,
        act: async (effects, signal) => {
          // The slot moves to the flushed end of the log only; this commit flushes what others committed asynchronously.
          wanted = await effects.transaction(signal, async (statement) => {
            const [row] = await statement(`SELECT pg_logical_emit_message(true, 'cutover', '')::text AS lsn`);
            return row?.['lsn'] as string;
          });
          await effects.transaction(
            signal,
            (statement) => statement('SELECT pg_replication_slot_advance($1, pg_current_wal_lsn())', [name]),
            sharedEpoch,
          );
        },
        verify: async (signal) => {
          const [row] = await side.reading.rows(
            `SELECT (confirmed_flush_lsn >= $2::pg_lsn)::text AS reached FROM pg_replication_slots WHERE slot_name = $1`,
            [name, wanted ?? 'FFFFFFFF/FFFFFFFF'],
            signal,
          );
          return row?.['reached'] === 'true';
        },
      });
    },

    dropSlot: (name) =>
      effectOn(side, 'drop-slot', {
        touches: `replication slot ${name} on the ${side.title}`,
        precheck: (signal) => isFree(name, signal),
        act: (_effects, signal) => drop(name, signal),
        verify: (signal) => isFree(name, signal),
      }),
  };
}
