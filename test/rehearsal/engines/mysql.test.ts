import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { createConnection, type ConnectionOptions, type RowDataPacket } from 'mysql2/promise';
import { createCertificateAuthority } from '../../../rehearsal/engines/certificate-authority';
import { startMysql } from '../../../rehearsal/engines/mysql';
import { findMysqlServer, NoMysqlServer } from '../../../rehearsal/engines/mysql-binaries';
import { chooseAddresses } from '../../../rehearsal/processes/addresses';
import { groupIsAlive } from '../../../rehearsal/processes/signals';
import { describeWithMysql, type MysqlServer, isMariadbBefore106 } from '../../mysql-server';
import { removeTemporaryFolders, temporaryFolder } from '../../temporary-folder';

async function ask(options: ConnectionOptions, sql: string): Promise<string> {
  const connection = await createConnection(options);
  connection.on('error', () => undefined);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return Object.values(rows[0] ?? {})
      .map(String)
      .join(' ');
  } finally {
    connection.destroy();
  }
}

afterAll(removeTemporaryFolders);

describe('the search for a server', () => {
  test('names what is not one', async () => {
    const folder = temporaryFolder();
    await expect(findMysqlServer(path.join(folder, 'mysqld'))).rejects.toThrow(NoMysqlServer);
    await expect(findMysqlServer(folder)).rejects.toThrow('no mariadbd or mysqld in it');
    await expect(findMysqlServer('/usr/bin/env')).rejects.toThrow(NoMysqlServer);
  });
});

describeWithMysql('a MySQL or MariaDB server', (server: () => MysqlServer) => {
  const administrator = () => server().engine.administrator;

  test('is set up for replication from its binlog', async () => {
    const { version, product, host } = server().engine;
    expect(await ask(administrator(), 'SELECT VERSION()')).toContain(version);
    expect(await ask(administrator(), "SELECT VERSION() LIKE '%mariadb%'")).toBe(product === 'mariadb' ? '1' : '0');
    // There it is kept for good, as the server’s own default is.
    const kept = isMariadbBefore106(server()) ? '86400 AS kept' : '@@binlog_expire_logs_seconds';
    const settings = `SELECT @@log_bin, @@binlog_format, @@binlog_row_image, @@binlog_row_metadata, @@server_id > 0,
      ${kept}, @@require_secure_transport, @@bind_address, @@time_zone, @@character_set_server`;
    expect(await ask(administrator(), settings)).toBe(`1 ROW FULL FULL 1 86400 1 ${host} +00:00 utf8mb4`);
    expect(readFileSync(server().engine.logFile, 'utf8')).toContain('ready for connections');
  });

  test('runs as an account without privileges, and shows nothing secret to others', () => {
    const { processId, logFile } = server().engine;
    const owner = Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${processId}/status`, 'utf8'))?.[1]);
    expect(owner).toBe(process.getuid?.() === 0 ? 65534 : process.getuid?.());
    const folder = path.join(server().runFolder, 'mysql');
    for (const each of [logFile, path.join(folder, 'data'), path.join(folder, 'server.key')])
      expect(statSync(each).mode & 0o077).toBe(0);
    expect(readdirSync(folder)).not.toContain('first-statements.sql');
    expect(readFileSync(`/proc/${processId}/cmdline`, 'utf8')).not.toContain('secret\0');
  });

  test('knows root by password only, and nobody else who could log in', async () => {
    await expect(ask({ ...administrator(), password: 'wrong' }, 'SELECT 1')).rejects.toThrow('Access denied');
    await expect(ask({ ...administrator(), user: 'nobody', password: '' }, 'SELECT 1')).rejects.toThrow('denied');
    const users = "SELECT GROUP_CONCAT(DISTINCT User) FROM mysql.user WHERE User NOT LIKE 'm%.%'";
    expect(await ask(administrator(), users)).toBe('root');
  });

  test('refuses a session without TLS', async () => {
    await expect(ask({ ...administrator(), ssl: undefined }, 'SELECT 1')).rejects.toThrow(
      /secure transport|Access denied/,
    );
  });

  test('is met by its own name and authority only', async () => {
    await expect(ask({ ...administrator(), host: 'other.example.com' }, 'SELECT 1')).rejects.toThrow('altnames');
    const other = await createCertificateAuthority();
    const ssl = { ...(administrator().ssl as object), ca: other.certificatePem };
    await expect(ask({ ...administrator(), ssl }, 'SELECT 1')).rejects.toThrow('certificate');
  });

  test('is refused a taken port before anything is created', async () => {
    const { engine, runFolder } = server();
    const before = readdirSync(runFolder);
    const { host, port } = engine;
    const tls = { ...(await (await createCertificateAuthority()).issue(['a.example.com'])), authorityPem: '' };
    await expect(
      startMysql({
        host,
        port,
        runFolder,
        name: 'second',
        rootPassword: 'x',
        tls,
        server: process.env['CUTOVER_TEST_MYSQL'],
      }),
    ).rejects.toThrow(`engine second cannot listen on ${host}:${port}: another process does`);
    expect(readdirSync(runFolder)).toEqual(before);
  });

  test('says in its error what it would not start with', async () => {
    const { runFolder, guardian } = server();
    const { source } = await chooseAddresses();
    const authority = await createCertificateAuthority();
    const tls = { ...(await authority.issue(['a.example.com'])), authorityPem: authority.certificatePem };
    const options = { ...source, runFolder, name: 'broken', rootPassword: 'x', tls, guardian };
    await expect(
      startMysql({ ...options, server: process.env['CUTOVER_TEST_MYSQL'], settings: { 'no-such-setting': '1' } }),
    ).rejects.toThrow(/engine broken did not start[^]*no-such-setting/);
  });

  test('comes back after it was killed, with what was committed', async () => {
    const { engine } = server();
    const connection = await server().database('kept', 'CREATE TABLE t (value int); INSERT INTO t VALUES (1)');
    const before = engine.processId;
    await engine.kill();
    expect(groupIsAlive(before)).toBe(false);
    await expect(connection.query('SELECT 1')).rejects.toThrow();
    await engine.restart();
    expect(engine.processId).not.toBe(before);
    expect(await ask(administrator(), 'SELECT value FROM kept.t')).toBe('1');
  });

  test('is stopped although a session was open, and can be started again', async () => {
    const { engine } = server();
    const open = await server().connect();
    await open.query('BEGIN');
    await engine.stop();
    await engine.stop();
    expect(groupIsAlive(engine.processId)).toBe(false);
    await engine.restart();
    expect(await ask(administrator(), 'SELECT 1')).toBe('1');
  });
});
