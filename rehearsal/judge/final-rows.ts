import { Client } from 'pg';
import { openApplicationSession } from '../application/engine/open-session';
import { keyOf, rowText } from '../application/engine/neutral-row';
import type { NeutralTable } from '../application/model/neutral-table';
import { readCatalogue, type Table } from '../workload/catalogue';
import { rowInLedger } from '../workload/ledger';
import { superuserClient } from '../workload/observer';
import { Session, type SessionOptions } from '../workload/session';
import type { Side } from '../workload/configuration';
import { quoted } from '../workload/templates';
import { isMysql, type SideConnection } from './side-connection';

/** Rows as they stand now, in the ledger's form: by table, then by key. */
export type FinalRows = Map<string, Map<string, string>>;

const BATCH = 2000;
const NEUTRAL_BATCH = 200;

export function keyName(key: string[]): string {
  return JSON.stringify(key);
}

/** Reads the rows of the given keys from one side, formatted as the clients' statements returned them. */
export async function readFinalRows(connection: SessionOptions, wanted: Map<string, string[][]>): Promise<FinalRows> {
  const tables = new Map((await tablesOf(connection)).map((table) => [table.id, table]));
  const session = await Session.open(connection);
  const rows: FinalRows = new Map();
  try {
    for (const [id, keys] of wanted) {
      const table = tables.get(id);
      // A table that is not there holds no rows: every key of it will be found missing.
      rows.set(id, table ? await rowsOf(session, table, keys) : new Map<string, string>());
    }
    return rows;
  } finally {
    session.close();
  }
}

/** The same in the form that is one for all engines. */
export async function readNeutralRows(
  connection: SideConnection,
  side: Side,
  tables: readonly NeutralTable[],
  wanted: Map<string, string[][]>,
): Promise<FinalRows> {
  const session = await (isMysql(connection)
    ? openApplicationSession(connection, { side, account: connection.administrator, applicationName: 'judge' })
    : openApplicationSession(
        { family: 'postgres', host: connection.endpoint.address, ...connection.endpoint, ...connection },
        { side, account: connection.account, applicationName: 'judge' },
      ));
  const rows: FinalRows = new Map();
  try {
    for (const [id, keys] of wanted) {
      const table = tables.find((each) => each.id === id);
      const found = new Map<string, string>();
      rows.set(id, found);
      for (let from = 0; table && from < keys.length; from += NEUTRAL_BATCH) {
        for (const row of await session.rows(table, keys.slice(from, from + NEUTRAL_BATCH)))
          found.set(keyName(keyOf(table, row)), rowInLedger(rowText(row)) ?? '');
      }
    }
    return rows;
  } finally {
    session.close();
  }
}

async function tablesOf(connection: SessionOptions): Promise<Table[]> {
  const client: Client = superuserClient(connection);
  await client.connect();
  try {
    return await readCatalogue(client, connection.account.username, undefined);
  } finally {
    await client.end();
  }
}

async function rowsOf(session: Session, table: Table, keys: string[][]): Promise<Map<string, string>> {
  const types = new Map(table.columns.map((column) => [column.name, column.type]));
  const parameters = table.key.map((_, at) => `$${at + 1}::text[]`).join(', ');
  const names = table.key.map((_, at) => `c${at}`).join(', ');
  const join = table.key.map((name, at) => `"whole row".${quoted(name)} = k.c${at}::${types.get(name)}`).join(' AND ');
  const sql = `SELECT k.place, to_jsonb("whole row")::text FROM unnest(${parameters}) WITH ORDINALITY k(${names}, place)
               JOIN ${table.sql} "whole row" ON ${join}`;
  const found = new Map<string, string>();
  for (let from = 0; from < keys.length; from += BATCH) {
    const batch = keys.slice(from, from + BATCH);
    const { rows } = await session.run(
      sql,
      table.key.map((_, at) => batch.map((key) => key[at])),
    );
    for (const [place, row] of rows)
      found.set(keyName(batch[Number(place) - 1] as string[]), rowInLedger(row ?? null) ?? '');
  }
  return found;
}
