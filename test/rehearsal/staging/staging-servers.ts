import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runMysqlScript } from '../../../rehearsal/databases/mysql/run-mysql-script';
import { runScript } from '../../../rehearsal/databases/script/run-script';
import { administer, type Administrator } from '../../../rehearsal/engines/any-engine';
import { createCertificateAuthority } from '../../../rehearsal/engines/certificate-authority';
import { startMysql, type MysqlEngine } from '../../../rehearsal/engines/mysql';
import { startPostgres, type Engine } from '../../../rehearsal/engines/postgres';
import { chooseAddresses } from '../../../rehearsal/processes/addresses';
import { startGuardian } from '../../../rehearsal/processes/guardian';
import { createRunFolder, writeSecretFile } from '../../../rehearsal/processes/run-folder';
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';

/** Servers as a team has them in staging: of their own accounts, certificates, schema and rows, each on its own port. */
export interface StagingServers {
  readonly source: MysqlEngine;
  readonly target: Engine;
  /** `--source` and `--target` with their certificates, and without passwords. */
  readonly options: readonly string[];
  /** The variables that hold the passwords. */
  readonly environment: Readonly<Record<string, string>>;
  /** An administrator of a side. */
  readonly ask: (side: 'source' | 'target', sql: string) => Promise<Record<string, unknown>[]>;
  /** With settings that were changed by ALTER SYSTEM. */
  readonly restartTarget: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Everything of the servers that a rehearsal could leave behind. */
export async function standingOn({ ask }: StagingServers): Promise<unknown[]> {
  return [
    await ask('source', 'SELECT SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY 1'),
    await ask('source', 'SELECT User, Host FROM mysql.user ORDER BY 1, 2'),
    await ask('source', 'SHOW CREATE USER shop_app'),
    await ask('target', 'SELECT nspname FROM pg_namespace ORDER BY 1'),
    await ask('target', 'SELECT rolname, rolcanlogin FROM pg_roles ORDER BY 1'),
    await ask('target', 'SELECT slot_name FROM pg_replication_slots'),
    await ask('target', 'SELECT roname FROM pg_replication_origin'),
    await ask('target', 'SELECT conname FROM pg_constraint ORDER BY 1'),
    await ask('target', 'SELECT indexrelid::regclass::text FROM pg_index ORDER BY 1'),
    await ask('target', `SELECT tgname FROM pg_trigger WHERE tgname LIKE 'cutover%' ORDER BY 1`),
    await ask('target', `SELECT proname FROM pg_proc WHERE proname LIKE 'cutover%' ORDER BY 1`),
    // A database whose privileges were never touched, and one that has what is usual, are the same.
    await ask(
      'target',
      `SELECT datname, a.grantee::regrole::text, a.privilege_type FROM pg_database,
         aclexplode(coalesce(datacl, acldefault('d', datdba))) a ORDER BY 1, 2, 3`,
    ),
    await ask('target', 'SELECT count(*)::int FROM pg_parameter_acl'),
  ];
}

const passwords = { source: 'staging/p@ss:word', target: "target's #secret" };
const names = { source: 'shop-mysql.staging.example.com', target: 'shop-postgres.staging.example.com' };

/** Somebody's shop: another database name on the target, whose tables stand in `public`. */
export async function startStagingServers(
  options: {
    mysqlServer?: string;
    mysqlSettings?: Readonly<Record<string, string>>;
    postgresSettings?: Readonly<Record<string, string>>;
    scenario?: string;
  } = {},
): Promise<StagingServers> {
  const runFolder = createRunFolder();
  const guardian = startGuardian(runFolder);
  await guardian.ready;
  const addresses = await chooseAddresses();
  const authority = await createCertificateAuthority();
  const tls = async (side: 'source' | 'target') => ({
    ...(await authority.issue([names[side]])),
    authorityPem: authority.certificatePem,
  });
  const [source, target] = await Promise.all([
    startMysql({
      ...{ runFolder, guardian, name: 'source', ...addresses.source, tls: await tls('source') },
      ...{ server: options.mysqlServer, settings: options.mysqlSettings, rootPassword: passwords.source },
    }),
    startPostgres({
      ...{ runFolder, guardian, name: 'target', host: addresses.target.host, port: addresses.target.port + 1 },
      ...{ majorVersion: 17, settings: options.postgresSettings, tls: await tls('target') },
      superuserPassword: passwords.target,
    }),
  ]);
  const folder = options.scenario ?? join(__dirname, '..', 'scenarios', 'tiny-shop');
  await loadShop(source, target, (name) => readFileSync(join(folder, name), 'utf8'));
  const sessions: Partial<Record<'source' | 'target', Administrator>> = {};
  const authorityFile = writeSecretFile(runFolder, 'staging-authority.pem', authority.certificatePem);
  return {
    source,
    target,
    options: [
      ...['--source', `mariadb://root@${source.host}:${source.port}/shop`, '--source-ca', authorityFile],
      ...['--target', `postgresql://postgres@${target.host}:${target.port}/shop_new`, '--target-ca', authorityFile],
      ...(['source', 'target'] as const).flatMap((side) => [`--${side}-tls-name`, names[side]]),
    ],
    environment: { CUTOVER_SOURCE_PASSWORD: passwords.source, CUTOVER_TARGET_PASSWORD: passwords.target },
    ask: async (side, sql) => {
      sessions[side] ??= await (side === 'source' ? administer(source, 'shop') : administer(target, 'shop_new'));
      return sessions[side].query(sql);
    },
    restartTarget: async () => {
      await sessions.target?.close();
      delete sessions.target;
      await target.restart();
    },
    close: async () => {
      await Promise.all(Object.values(sessions).map((session) => session.close()));
      await Promise.all([source.stop(), target.stop()]);
      await guardian.close();
    },
  };
}

async function loadShop(source: MysqlEngine, target: Engine, read: (name: string) => string): Promise<void> {
  const mysql = await createConnection({ ...source.administrator, multipleStatements: true });
  await mysql.query(
    `CREATE DATABASE shop; USE shop; CREATE USER shop_app@'%' IDENTIFIED BY 'x'; GRANT ALL ON shop.* TO shop_app@'%';
     CREATE USER shop_gone@'%' IDENTIFIED BY 'x' ACCOUNT LOCK`,
  );
  await runMysqlScript(mysql, 'the schema of the shop', read('source-schema.sql'));
  await runMysqlScript(mysql, 'the rows of the shop', read('seed.sql'));
  await mysql.end();
  const maker = new Client(target.superuser);
  await maker.connect();
  for (const sql of ['CREATE ROLE shop_app LOGIN', 'CREATE ROLE shop_gone NOLOGIN', 'CREATE DATABASE shop_new'])
    await maker.query(sql);
  await maker.end();
  const postgres = new Client({ ...target.superuser, database: 'shop_new' });
  await postgres.connect();
  await runScript(postgres, 'the schema of the new shop', read('target-schema.sql'));
  await postgres.end();
}
