import type { Transformation } from '../../../definition/schema/migration';
import { renamingOf } from '../../../definition/replication/renaming';
import { superuserClient } from '../../workload/observer';
import type { Account, DatabaseEndpoint } from '../database';
import { MysqlSession } from '../engine/mysql-session';
import { mergedTable } from './merge';
import { readMysqlCatalogue } from './mysql-catalogue';
import type { NeutralTable } from './neutral-table';
import { readPostgresCatalogue } from './postgres-catalogue';
import type { SideTable } from './side-table';

/** Whoever administers the engine: the model is about tables, not about privileges. */
export type AdministeredDatabase = DatabaseEndpoint & { administrator: Account };

/**
 * The tables that stand on both sides, with the columns that both have, under the source's names; the ledger's entries
 * apart. What a value must be to suit both sides is in it.
 */
export async function readModel(
  source: AdministeredDatabase,
  target: AdministeredDatabase,
  transformations: readonly Transformation[],
): Promise<NeutralTable[]> {
  const [ofSource, ofTarget] = await Promise.all([readSide(source), readSide(target)]);
  const renamings = { toTarget: renamingOf(transformations, true), toSource: renamingOf(transformations, false) };
  const found = new Map(ofTarget.map((each) => [`${each.schema}.${each.table}`, each]));
  return ofSource.flatMap((table) => {
    const id = `${table.schema}.${table.table}`;
    const other = found.get(renamings.toTarget.table(id));
    if (other === undefined || id === 'rehearsal_ledger.entries') return [];
    const mysqlFirst = source.family !== 'mysql' && target.family === 'mysql';
    return [mergedTable(table, other, renamings, mysqlFirst ? 'target' : 'source')];
  });
}

async function readSide(database: AdministeredDatabase): Promise<SideTable[]> {
  const { host, tlsServerName, administrator } = database;
  if (database.family === 'mysql') {
    const session = await MysqlSession.open(database, administrator, 'rehearsal model');
    return readMysqlCatalogue(session).finally(() => session.close());
  }
  const client = superuserClient({
    ...{ endpoint: { address: host, tlsServerName }, port: database.port, database: database.database },
    ...{ account: administrator, caCertificatePem: database.caCertificatePem, applicationName: 'rehearsal model' },
  });
  client.on('error', () => undefined);
  await client.connect();
  return readPostgresCatalogue(client, administrator.username).finally(() => client.end());
}
