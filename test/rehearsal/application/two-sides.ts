import { preparePostgresSide } from '../../../rehearsal/databases/prepare-databases';
import { prepareMysqlSide } from '../../../rehearsal/databases/mysql/prepare-mysql-side';
import type { DatabaseAccounts } from '../../../rehearsal/databases/accounts';
import type { Transformation } from '../../../definition/schema/migration';
import type { ApplicationConfigurationFile } from '../../../rehearsal/application/configuration';
import type { NeutralTable } from '../../../rehearsal/application/model/neutral-table';
import { type AdministeredDatabase, readModel } from '../../../rehearsal/application/model/read-model';
import { administer } from '../../../rehearsal/engines/any-engine';
import { createCertificateAuthority } from '../../../rehearsal/engines/certificate-authority';
import { startPostgres } from '../../../rehearsal/engines/postgres';
import { chooseAddresses, type RehearsalAddresses } from '../../../rehearsal/processes/addresses';
import type { Side } from '../../../rehearsal/workload/configuration';
import { rehearsalTablesSql } from '../../../rehearsal/workload/rehearsal-tables';
import type { MysqlServer } from '../../mysql-server';

const PASSWORD = 'a password of the test';
export const ACCOUNTS = { write: ['orders_app', 'orders_worker'], read: ['orders_report'] };

/** MySQL or MariaDB as the source, PostgreSQL as the target, both with the same tables; the target's writers are locked. */
export interface TwoSides {
  database: string;
  databases: Record<Side, AdministeredDatabase>;
  addresses: RehearsalAddresses;
  model: NeutralTable[];
  /** Runs SQL as administrator. */
  sql(side: Side, text: string): Promise<Record<string, unknown>[]>;
  lock(side: Side, locked: boolean): Promise<void>;
  /** Ends every session of the writing accounts. */
  endSessions(side: Side): Promise<void>;
  stack(side: Side): ApplicationConfigurationFile;
  close(): Promise<void>;
}

export interface Schemas {
  database: string;
  source: string;
  seed?: string;
  target: string;
  transformations?: Transformation[];
}

export const login = (username: string) => ({ username, password: PASSWORD });

export async function startTwoSides(server: MysqlServer, schemas: Schemas): Promise<TwoSides> {
  const { database } = schemas;
  const { engine: source, runFolder, guardian } = server;
  const addresses = await chooseAddresses();
  const authority = await createCertificateAuthority();
  const tlsServerName = 'target.databases.rehearsal.internal';
  const target = await startPostgres({
    ...{ majorVersion: 17, runFolder, name: `target-${database}`, ...addresses.target, guardian },
    tls: { ...(await authority.issue([tlsServerName])), authorityPem: authority.certificatePem },
    superuserPassword: 'secret',
  });
  const account = (name: string) => ({ name, password: PASSWORD });
  const accounts: DatabaseAccounts = {
    runbook: account('cutover_runbook'),
    replication: account('cutover_replication'),
    write: ACCOUNTS.write.map(account),
    read: ACCOUNTS.read.map(account),
  };
  await Promise.all([
    prepareMysqlSide({
      ...{ engine: source, database, accounts, fenced: false, schemaSql: schemas.source, seedSql: schemas.seed },
    }),
    preparePostgresSide({
      ...{ engine: target, side: 'target', database, accounts, schemaSql: schemas.target },
      furtherSql: rehearsalTablesSql(ACCOUNTS),
    }),
  ]);
  const databases: Record<Side, AdministeredDatabase> = {
    source: {
      ...{ family: 'mysql', host: source.host, port: source.port, database, tlsServerName: server.tlsServerName },
      ...{ caCertificatePem: server.authorityPem, administrator: { username: 'root', password: 'secret' } },
    },
    target: {
      ...{ family: 'postgres', host: target.host, port: target.port, database, tlsServerName },
      ...{ caCertificatePem: authority.certificatePem, administrator: { username: 'postgres', password: 'secret' } },
    },
  };
  const dropped = ['entries', 'jobs'].map(
    (table) => ({ kind: 'drop-column', table: `rehearsal_ledger.${table}`, column: 'arrived' }) as const,
  );
  const model = await readModel(databases.source, databases.target, [...(schemas.transformations ?? []), ...dropped]);
  const engines = { source, target };
  const sql: TwoSides['sql'] = async (side, text) => {
    const administrator = await administer(engines[side], database);
    return administrator.query(text).finally(() => administrator.close());
  };
  return {
    ...{ database, databases, addresses, model, sql },
    lock: async (side, locked) => {
      const statements = ACCOUNTS.write.map((name) =>
        side === 'source'
          ? `ALTER USER '${name}'@'%' ACCOUNT ${locked ? 'LOCK' : 'UNLOCK'}`
          : `ALTER ROLE ${name} ${locked ? 'NOLOGIN' : 'LOGIN'}`,
      );
      await sql(side, statements.join('; '));
    },
    endSessions: async (side) => {
      const names = ACCOUNTS.write.map((name) => `'${name}'`).join(', ');
      if (side === 'target') {
        await sql(side, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN (${names})`);
        return;
      }
      for (const { id } of await sql(side, `SELECT id FROM information_schema.processlist WHERE user IN (${names})`))
        await sql(side, `KILL ${String(id)}`).catch(() => undefined);
    },
    stack: (side) => {
      const { administrator: _administrator, ...endpoint } = databases[side];
      return {
        ...{ name: `${database}-${side}`, side, database: endpoint, tables: model },
        listen: side === 'source' ? addresses.sourceStack : addresses.targetStack,
        accounts: { write: ACCOUNTS.write.map(login), read: ACCOUNTS.read.map(login) },
      };
    },
    close: async () => {
      await target.stop();
    },
  };
}
