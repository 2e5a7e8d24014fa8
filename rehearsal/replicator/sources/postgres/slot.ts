import type { Client } from 'pg';
import { formatLsn, parseLsn } from '../../postgres/lsn';
import { quoteIdentifier } from '../../postgres/quoting';

interface SlotRow {
  plugin: string | null;
  active: boolean;
  confirmed: string | null;
  status: string | null;
  here: boolean;
}

async function findSlot(client: Client, name: string): Promise<SlotRow | undefined> {
  const { rows } = await client.query<SlotRow>(
    `SELECT plugin::text, active, confirmed_flush_lsn::text AS confirmed, wal_status AS status,
            database = current_database() AS here
       FROM pg_catalog.pg_replication_slots WHERE slot_name = $1`,
    [name],
  );
  return rows[0];
}

/**
 * Checks that the slot still holds every change from `asked` on, and returns where reading begins (the slot's own
 * position when none is asked). A slot never goes back: PostgreSQL would silently start at the confirmed position,
 * and the changes between would be lost, so that is refused here.
 */
export async function checkSlot(client: Client, name: string, asked: string | undefined): Promise<string> {
  const slot = await findSlot(client, name);
  if (!slot) {
    throw new Error(
      `replication slot "${name}" does not exist on the source; create it with ` +
        `pg_create_logical_replication_slot('${name}', 'test_decoding') before the position that the task shall start at`,
    );
  }
  if (slot.plugin !== 'test_decoding') {
    throw new Error(`replication slot "${name}" uses the plugin "${slot.plugin}"; only "test_decoding" can be read`);
  }
  if (!slot.here) throw new Error(`replication slot "${name}" belongs to another database of this server`);
  if (slot.confirmed === null || slot.status === 'lost') {
    throw new Error(`replication slot "${name}" has lost the WAL it needs (wal_status ${slot.status}); load again`);
  }
  if (asked !== undefined && parseLsn(slot.confirmed) > parseLsn(asked)) {
    throw new Error(
      `replication slot "${name}" is confirmed up to ${slot.confirmed}, beyond the asked position ${asked}: ` +
        'the changes between can no longer be read; start at a later position only if they are known to be applied',
    );
  }
  return formatLsn(parseLsn(asked ?? slot.confirmed));
}

/** Makes the slot anew, dropping the one of an earlier run, and answers where it begins and its exported snapshot. */
export async function recreateSlot(
  queries: Client,
  replication: Client,
  name: string,
): Promise<{ position: string; snapshot: string }> {
  const slot = await findSlot(queries, name);
  if (slot) await queries.query('SELECT pg_catalog.pg_drop_replication_slot($1)', [name]);
  const { rows } = await replication.query<{ consistent_point: string; snapshot_name: string }>(
    `CREATE_REPLICATION_SLOT ${quoteIdentifier(name)} LOGICAL test_decoding EXPORT_SNAPSHOT`,
  );
  const [created] = rows;
  if (!created) throw new Error(`the source did not answer to the creation of replication slot "${name}"`);
  return { position: created.consistent_point, snapshot: created.snapshot_name };
}
