import { createConnection, type Connection, type ConnectionOptions } from 'mysql2/promise';
import { createCertificateAuthority } from '../rehearsal/engines/certificate-authority';
import { startMysql, type MysqlEngine } from '../rehearsal/engines/mysql';
import { mysqlServerOnPath } from '../rehearsal/engines/mysql-binaries';
import { chooseAddresses } from '../rehearsal/processes/addresses';
import { startGuardian, type Guardian } from '../rehearsal/processes/guardian';
import { createRunFolder } from '../rehearsal/processes/run-folder';

/** Another server than that of the PATH, for trying the tests with it. */
const given = process.env['CUTOVER_TEST_MYSQL'];
const present = given !== undefined || mysqlServerOnPath() !== undefined;
const absence = 'there is no MySQL or MariaDB server on this computer: apt-get install mariadb-server';

export interface MysqlServer {
  readonly engine: MysqlEngine;
  readonly runFolder: string;
  readonly guardian: Guardian;
  readonly authorityPem: string;
  /** The name that the server's certificate carries. */
  readonly tlsServerName: string;
  /** A new database, made by these statements; the connection is root's, takes several statements, and is closed at the end. */
  database(name: string, sql?: string): Promise<Connection>;
  /** Another connection, root's unless an account is given; closed at the end. */
  connect(options?: ConnectionOptions): Promise<Connection>;
}

/** It keeps its binlog for days, and shows foreign keys to fewer accounts. */
export const isMariadbBefore106 = ({ engine }: MysqlServer): boolean =>
  engine.product === 'mariadb' && /^10\.[45]\./.test(engine.version);

/** UUID and INET6 as types, which MariaDB has since 10.7 (release notes 10.7.1) and 10.5. */
export const hasTypesOfMariadb = ({ engine }: MysqlServer): boolean =>
  engine.product === 'mariadb' && !/^10\.[0-6]\./.test(engine.version);

const tlsServerName = 'mysql.databases.example.com';

let starting: Promise<MysqlServer> | undefined;
let close: (() => Promise<void>) | undefined;

async function start(settings: Readonly<Record<string, string>>): Promise<MysqlServer> {
  const runFolder = createRunFolder();
  const guardian = startGuardian(runFolder);
  const opened: Connection[] = [];
  close = async () => {
    await Promise.all(opened.map((each) => each.end().catch(() => undefined)));
    await guardian.close();
  };
  await guardian.ready;
  const authority = await createCertificateAuthority();
  const { source } = await chooseAddresses();
  const engine = await startMysql({
    ...source,
    ...{ server: given, runFolder, name: 'mysql', rootPassword: 'secret', settings, guardian },
    tls: { ...(await authority.issue([tlsServerName])), authorityPem: authority.certificatePem },
  });
  const connect = async (options: ConnectionOptions = {}): Promise<Connection> => {
    const connection = await createConnection({ ...engine.administrator, multipleStatements: true, ...options });
    connection.on('error', () => undefined);
    opened.push(connection);
    return connection;
  };
  return {
    engine,
    runFolder,
    guardian,
    authorityPem: authority.certificatePem,
    tlsServerName,
    connect,
    async database(name, sql) {
      const maker = await createConnection(engine.administrator);
      await maker.query(`CREATE DATABASE \`${name}\``).finally(() => maker.end());
      const connection = await connect({ database: name });
      if (sql !== undefined) await connection.query(sql);
      return connection;
    },
  };
}

/**
 * Tests that start MySQL or MariaDB servers of their own, which they get the path of where it is not that of the PATH.
 * Without a server on this computer they are skipped; under `CI=true` that is a failure.
 */
export function describeWhereMysqlIs(title: string, body: (server: string | undefined) => void): void {
  if (!present && process.env['CI'] === 'true') {
    describe(title, () => {
      test('has a server', () => {
        throw new Error(absence);
      });
    });
    return;
  }
  const describeOrSkip = present ? describe : describe.skip;
  describeOrSkip(present ? title : `${title} (skipped: ${absence})`, () => body(given));
}

/**
 * Tests that need a MySQL or MariaDB server. All of a file share one, started before the first of them, with the settings
 * that the first `describeWithMysql` of the file gives. Skipped or failed as {@link describeWhereMysqlIs} says.
 */
export function describeWithMysql(
  title: string,
  body: (server: () => MysqlServer) => void,
  settings: Readonly<Record<string, string>> = {},
): void {
  describeWhereMysqlIs(title, () => {
    let server: MysqlServer | undefined;
    beforeAll(async () => {
      starting ??= start(settings);
      server = await starting;
    });
    body(() => {
      if (server === undefined)
        throw new Error('the server is there from beforeAll on: ask for it in a test or a hook');
      return server;
    });
  });
}

// Once per file: jest gives every file its own instance of this module.
afterAll(() => close?.());
