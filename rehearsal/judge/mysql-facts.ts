import { mysqlGate } from '../application-workload/mysql-gate';
import { MysqlSession } from '../application/engine/mysql-session';
import type { AdministeredDatabase } from '../application/model/read-model';
import type { NeutralTable } from '../application/model/neutral-table';
import type { Side } from '../workload/configuration';
import { entryName, type LedgerView } from './ledger-view';
import type { SideFacts } from './side-facts';

const INSTANT = (column: string) => `CAST(UNIX_TIMESTAMP(${column}) * 1000 AS CHAR)`;

/**
 * What a MySQL or MariaDB side says of itself.
 *
 * These engines keep no commit timestamps of rows. In their place stands `arrived`: the instant at which the transaction's
 * row of the ledger was inserted on this side, by the clock of this computer, in microseconds. It is never after the
 * commit. For an application's write it is the last statement before COMMIT, so that the commit lies between it and the
 * acknowledgement; `latencyMilliseconds` says how long that was. For what replication applied, the commit follows within
 * the same batch. A transaction that stood open between the two when a side changed is still seen: PostgreSQL's exact
 * timestamps tell when the other side applied it.
 */
export async function mysqlFacts(
  connection: AdministeredDatabase,
  side: Side,
  ledger: LedgerView,
  writeAccounts: string[],
  tables: readonly NeutralTable[],
): Promise<SideFacts> {
  const session = await MysqlSession.open(connection, connection.administrator, 'judge');
  try {
    const read = async (sql: string) => (await session.run(sql)).rows;
    const { entries, byKey } = await readEntries(read);
    const commits = new Map<string, number>();
    const latencies: number[] = [];
    for (const each of ledger.transactions) {
      const row = each.side === side && each.xid !== null ? byKey.get(each.xid) : undefined;
      // Under that key there may stand what the other side wrote.
      if (row?.name !== entryName(each)) continue;
      commits.set(each.xid ?? '', row.at);
      if (each.outcome === 'ok') latencies.push(each.ended - row.at);
    }
    const gate = await mysqlGate(connection, writeAccounts)();
    const { unlocked } = await gate.sample().finally(() => gate.close());
    return {
      ...{ commits, entries, unlocked },
      probes: await instantsOf(read, 'rehearsal_probe', 'attempts', 'at'),
      proofs: await instantsOf(read, 'cutover_local', 'write_proof', 'written_at'),
      sequences: await countersOf(session, tables, side),
      latencyMilliseconds: latencies.reduce((most, each) => Math.max(most, each), 0),
    };
  } finally {
    session.close();
  }
}

type Read = (sql: string) => Promise<(string | null)[][]>;

async function readEntries(read: Read) {
  const entries = new Map<string, number[]>();
  const byKey = new Map<string, { name: string; at: number }>();
  for (const [key, client, sequence, at] of await read(
    `SELECT CAST(id AS CHAR), client, CAST(sequence_number AS CHAR), ${INSTANT('arrived')}
       FROM rehearsal_ledger.entries ORDER BY id`,
  )) {
    const name = entryName({ client: client ?? '', sequence: Number(sequence) });
    entries.set(name, [...(entries.get(name) ?? []), Number(at)]);
    byKey.set(key ?? '', { name, at: Number(at) });
  }
  return { entries, byKey };
}

/** Instants of a table's rows; none where the table is not there. */
async function instantsOf(read: Read, schema: string, table: string, column: string): Promise<number[]> {
  const found = await read(
    `SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${schema}' AND TABLE_NAME = '${table}'`,
  );
  if (found.length === 0) return [];
  return (await read(`SELECT ${INSTANT(column)} FROM ${schema}.${table} ORDER BY 1`)).map(([at]) => Number(at));
}

/** The last value that each AUTO_INCREMENT of the tables has given or passed over, by the source's names. */
async function countersOf(
  session: MysqlSession,
  tables: readonly NeutralTable[],
  side: Side,
): Promise<Map<string, bigint>> {
  // MySQL 8 remembers such numbers for a day; MariaDB knows no such setting.
  await session.run('SET SESSION information_schema_stats_expiry = 0').catch(() => undefined);
  const { rows } = await session.run(
    `SELECT CAST(c.TABLE_SCHEMA AS CHAR), CAST(c.TABLE_NAME AS CHAR), CAST(c.COLUMN_NAME AS CHAR),
            CAST(t.AUTO_INCREMENT AS CHAR)
       FROM information_schema.COLUMNS c JOIN information_schema.TABLES t
         ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
      WHERE c.EXTRA LIKE '%auto_increment%' AND t.AUTO_INCREMENT > 1`,
  );
  const counters = new Map<string, bigint>();
  for (const [schema, table, column, next] of rows) {
    const name = neutralName(tables, side, `${schema}.${table}`, column ?? '');
    if (name !== undefined) counters.set(name, BigInt(next ?? '1') - 1n);
  }
  return counters;
}

/** What the source calls a column that makes keys; undefined for one that does not move. */
export function neutralName(
  tables: readonly NeutralTable[],
  side: Side,
  table: string,
  column: string,
): string | undefined {
  if (table === 'rehearsal_ledger.entries') return `${table}.${column}`;
  const found = tables.find(({ on }) => `${on[side].schema}.${on[side].table}` === table);
  const name = found?.columns.find(({ on }) => on[side].name === column)?.name;
  return found && name === undefined ? undefined : found && `${found.id}.${name}`;
}
