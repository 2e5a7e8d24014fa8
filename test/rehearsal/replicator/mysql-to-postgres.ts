import { rm } from 'node:fs/promises';
import { createConnection, type Connection as Session } from 'mysql2/promise';
import type { Client } from 'pg';
import { createCertificateAuthority } from '../../../rehearsal/engines/certificate-authority';
import { type MysqlEngine, startMysql } from '../../../rehearsal/engines/mysql';
import { type Engine, startPostgres } from '../../../rehearsal/engines/postgres';
import { chooseAddresses } from '../../../rehearsal/processes/addresses';
import { createRunFolder } from '../../../rehearsal/processes/run-folder';
import type { Connection, TaskRequest } from '../../../rehearsal/replicator/messages';
import { openSession } from './databases';
import { including } from './task-requests';

const account = 'cutover_replication';
const password = 'replication-secret';

/** A MySQL server as `describeWithMysql` or a benchmark has started it. */
export interface StartedMysql {
  readonly engine: MysqlEngine;
  readonly authorityPem: string;
  readonly tlsServerName: string;
}

export interface MysqlToPostgres {
  /** As the replication account, whose rights are those that the rehearsal grants. */
  readonly source: Connection;
  readonly target: Connection;
  readonly engines: { source: MysqlEngine; target: Engine };
  /** Administrators' sessions; several statements at once. */
  onSource: Session;
  onTarget: Client;
  readonly runFolder: string;
  /** Makes the database `app` and the schema `app` anew with these tables, and lets the replication account use them. */
  prepare(mysql: string, postgres: string): Promise<void>;
  /** Another administrator's session of the source; the caller ends it. */
  connect(): Promise<Session>;
  stop(): Promise<void>;
}

/** The server as the source, and a PostgreSQL 17 of its own as the target. */
export async function mysqlToPostgres(mysql: StartedMysql): Promise<MysqlToPostgres> {
  const runFolder = createRunFolder();
  const { target: address } = await chooseAddresses();
  const authority = await createCertificateAuthority();
  const tlsServerName = 'target.databases.test.internal';
  const issued = await authority.issue([tlsServerName]);
  const target = await startPostgres({
    ...{ majorVersion: 17, runFolder, name: 'target', ...address, superuserPassword: 'secret' },
    tls: { ...issued, authorityPem: authority.certificatePem },
  });
  const connect = async (): Promise<Session> => {
    const session = await createConnection({ ...mysql.engine.administrator, multipleStatements: true });
    session.on('error', () => undefined);
    await session.query(`SET time_zone = '+00:00'`);
    return session;
  };
  const onSource = await connect();
  const onTarget = await openSession(target);
  await onSource.query(`CREATE USER ${account}@'%' IDENTIFIED BY '${password}';
    GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO ${account}@'%';
    GRANT SELECT, INSERT, UPDATE, DELETE ON app.* TO ${account}@'%'`);
  await onTarget.query(`CREATE ROLE ${account} LOGIN PASSWORD '${password}';
    GRANT SET ON PARAMETER session_replication_role TO ${account};
    GRANT CREATE ON DATABASE postgres TO ${account}`);
  const common = { username: account, password };
  const made: MysqlToPostgres = {
    source: {
      ...{ engine: mysql.engine.product, host: mysql.engine.host, port: mysql.engine.port, database: 'app', ...common },
      ...{ tlsServerName: mysql.tlsServerName, caCertificatePem: mysql.authorityPem },
    },
    target: {
      ...{ engine: 'postgres', host: target.host, port: target.port, database: 'postgres', ...common },
      ...{ tlsServerName, caCertificatePem: authority.certificatePem },
      afterConnectScript: "SET session_replication_role = 'replica'",
    },
    engines: { source: mysql.engine, target },
    onSource,
    onTarget,
    runFolder,
    async prepare(sourceTables, targetTables) {
      await made.onSource.query(`DROP DATABASE IF EXISTS app; CREATE DATABASE app; USE app; ${sourceTables}`);
      await made.onTarget.query(`DROP SCHEMA IF EXISTS app CASCADE; CREATE SCHEMA app; ${targetTables};
        GRANT USAGE ON SCHEMA app TO ${account};
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA app TO ${account}`);
    },
    connect,
    async stop() {
      await Promise.allSettled([made.onSource.end(), made.onTarget.end()]);
      await target.stop();
      await rm(runFolder, { recursive: true, force: true });
    },
  };
  return made;
}

/** A server for what does not run under jest: that of the PATH, unless CUTOVER_TEST_MYSQL names another. */
export async function startMysqlAlone(
  settings: Readonly<Record<string, string>>,
): Promise<StartedMysql & { stop(): Promise<void> }> {
  const runFolder = createRunFolder();
  const { source: address } = await chooseAddresses();
  const authority = await createCertificateAuthority();
  const tlsServerName = 'source.databases.test.internal';
  const tls = { ...(await authority.issue([tlsServerName])), authorityPem: authority.certificatePem };
  const server = process.env['CUTOVER_TEST_MYSQL'];
  const engine = await startMysql({
    server,
    runFolder,
    name: 'source',
    ...address,
    rootPassword: 'secret',
    settings,
    tls,
  });
  return {
    ...{ engine, tlsServerName, authorityPem: authority.certificatePem },
    async stop() {
      await engine.stop();
      await rm(runFolder, { recursive: true, force: true });
    },
  };
}

/** A full load with changes from MySQL to PostgreSQL, unless `more` says otherwise. */
export function mysqlRequest(
  { source, target }: MysqlToPostgres,
  identifier: string,
  more: Partial<TaskRequest> = {},
): TaskRequest {
  return {
    arn: `arn:aws:dms:eu-west-1:123456789012:task:${identifier.toUpperCase()}`,
    identifier,
    migrationType: 'full-load-and-cdc',
    startType: 'start-replication',
    tableMappings: including('app'),
    settings: '{}',
    source,
    target,
    ...more,
  };
}
