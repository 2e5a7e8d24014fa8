import { createPrivateKey, sign } from 'node:crypto';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Manifest } from '../../../../definition/manifest/sections';
import { createCertificateAuthority } from '../../../../rehearsal/engines/certificate-authority';
import type { ConnectOptions } from '../../../../runbooks/adapters/database/connecting';
import { connectionFailure } from '../../../../runbooks/adapters/mysql/connection-failure';
import { ed25519Login } from '../../../../runbooks/adapters/mysql/ed25519-login';
import { parseVersion, refuseUnfit } from '../../../../runbooks/adapters/mysql/server-facts';
import { isUnreachable } from '../../../../runbooks/adapters/lost-side';
import { describeWithMysql } from '../../../mysql-server';
import { failureOf, MysqlTestSide, passwords, soon } from './mysql-test-side';

describeWithMysql('connecting to MySQL', (server) => {
  let side: MysqlTestSide;
  beforeAll(async () => {
    side = await MysqlTestSide.prepare(server());
  });

  const failing = async (overrides: Partial<ConnectOptions>, change?: (manifest: Manifest) => void) => {
    const manifest = structuredClone(side.manifest);
    change?.(manifest);
    return failureOf(side.connect({ manifest, ...overrides }));
  };
  /** Speaks as a server would that is met before any login. */
  const failingAt = async (greeting: Buffer | undefined): Promise<Error & { code?: string }> => {
    const odd: Server = createServer((socket) => {
      socket.on('error', () => undefined);
      if (greeting) socket.write(greeting);
      else socket.destroy();
    });
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
    const { port } = odd.address() as AddressInfo;
    try {
      return await failing({}, ({ databases }) => void Object.assign(databases.source, { host: '127.0.0.1', port }));
    } finally {
      odd.close();
    }
  };

  test('a server that cannot be used as declared is named with its address, the account and the cause', async () => {
    const { host, port } = server().engine;
    const at = `the source database at ${host}:${port} cannot be used by account cutover_runbook: `;
    const wrong = await failing({ credentials: { username: 'cutover_runbook', password: 'planted-secret' } });
    expect(wrong).toMatchObject({
      name: 'UsageError',
      code: 'database-wrong-password',
      message: `${at}wrong password`,
    });
    expect(JSON.stringify([wrong.message, wrong.next, wrong.stack])).not.toContain('planted-secret');

    const other = await createCertificateAuthority();
    const authority = await failing({ certificateAuthorityPem: other.certificatePem });
    expect(authority.code).toBe('database-certificate-of-another-authority');
    expect(authority.message).toContain(`${at}the certificate is not signed by the given certificate authority`);

    const alias = await failing({}, ({ databases }) => (databases.source.tlsServerName = 'target.example.internal'));
    expect(alias).toMatchObject({ code: 'database-certificate-of-another-host' });
    expect(alias.message).toContain('it does not carry target.example.internal');
    // What is dialled is not what the certificate is checked against, even where the certificate carries it.
    const dialled = await failing({}, ({ databases }) => (databases.source.tlsServerName = host));
    expect(dialled.code).toBe('database-certificate-of-another-host');

    const missing = await failing({}, ({ databases }) => (databases.source.database = 'nowhere'));
    expect(missing).toMatchObject({ code: 'database-no-such-database' });
    const nobody = await failing({}, ({ databases }) => void Object.assign(databases.source, { port: 1 }));
    expect(nobody).toMatchObject({ name: 'UsageError', code: 'database-unreachable' });
    expect(nobody.message).toContain(`${host}:1`);
    expect(isUnreachable(nobody)).toBe(true);
    expect(isUnreachable(wrong)).toBe(false);
  });

  test('an account that is locked is refused with why', async () => {
    await side.ask(`ALTER USER 'orders_report'@'%' ACCOUNT LOCK`);
    const credentials = { username: 'orders_report', password: passwords.orders_report };
    expect(await failing({ credentials })).toMatchObject({
      code: 'database-login-refused',
      message: expect.stringContaining('locked') as string,
    });
    await side.ask(`ALTER USER 'orders_report'@'%' ACCOUNT UNLOCK`);
  });

  test('a server without TLS, a full one and one that hangs up are told apart', async () => {
    // Protocol 10, capabilities without CLIENT_SSL.
    const body = Buffer.concat([
      Buffer.from([10]),
      Buffer.from('8.0.42\0'),
      Buffer.from([1, 0, 0, 0]),
      Buffer.alloc(8, 97),
      Buffer.from([0, 0xff, 0xf7, 33, 2, 0, 8, 0, 21]),
      Buffer.alloc(10),
      Buffer.alloc(12, 97),
      Buffer.from('\0mysql_native_password\0'),
    ]);
    const packet = (content: Buffer) => Buffer.concat([Buffer.from([content.length, 0, 0, 0]), content]);
    expect(await failingAt(packet(body))).toMatchObject({ code: 'database-no-tls' });
    // What is said before a handshake carries no SQLSTATE.
    const full = Buffer.concat([Buffer.from([0xff, 0x10, 0x04]), Buffer.from('Too many connections')]);
    expect(await failingAt(packet(full))).toMatchObject({ code: 'database-too-many-connections' });
    expect(await failingAt(undefined)).toMatchObject({ code: 'database-unreachable' });

    const address = { host: 'h', port: 1, database: 'd', tlsServerName: 'n', certificateAuthorityPem: '' };
    const codeOf = (error: object) => connectionFailure(error, 'source', address, 'a').code;
    expect(codeOf({ code: 'CERT_HAS_EXPIRED', message: 'certificate has expired' })).toBe(
      'database-certificate-not-valid',
    );
    expect(codeOf({ code: 'AUTH_SWITCH_PLUGIN_ERROR', message: 'unknown plugin parsec' })).toBe(
      'database-login-refused',
    );
    expect(codeOf({ code: 'HANDSHAKE_SSL_ERROR', message: 'wrong version number' })).toBe('database-no-tls');
    expect(codeOf({ errno: 1129, sqlState: '', message: 'Host is blocked' })).toBe('database-login-refused');
    expect(codeOf({ code: 'PROTOCOL_PACKETS_OUT_OF_ORDER', message: 'odd' })).toBe('database-login-refused');
    expect(codeOf({ errno: -111, code: 'ECONNREFUSED', syscall: 'connect' })).toBe('database-unreachable');
  });

  test('versions of both products are told; what is too old, a reader or a replica is refused', () => {
    const known = (text: string) => Object.values(parseVersion(text)).join(' ');
    expect(known('10.11.11-MariaDB-0+deb12u1-log')).toBe('mariadb 10.11.11 101111');
    expect(known('5.5.5-10.4.30-MariaDB')).toBe('mariadb 10.4.30 100430');
    expect(known('8.0.42')).toBe('mysql 8.0.42 80042');
    expect(known('5.7.44-log')).toBe('mysql 5.7.44 50744');
    const facts = { ...parseVersion('8.4.3'), isReadOnly: false, isReplica: false, account: 'a' };
    expect(() => refuseUnfit(facts, 'source database')).not.toThrow();
    expect(() => refuseUnfit({ ...facts, ...parseVersion('5.6.51') }, 'source database')).toThrow(
      'older than MySQL 5.7',
    );
    expect(() => refuseUnfit({ ...facts, ...parseVersion('10.3.39-MariaDB') }, 'source database')).toThrow(
      'older than MariaDB 10.4',
    );
    expect(() => refuseUnfit({ ...facts, isReplica: true }, 'source database')).toThrow('is a replica');
  });

  test('a server that refuses writes, or applies what another one writes, is refused', async () => {
    await side.ask('SET GLOBAL read_only = 1');
    expect(await failing({ mode: 'plan' })).toMatchObject({
      code: 'database-reader',
      message: expect.stringContaining('read_only') as string,
    });
    await side.ask('SET GLOBAL read_only = 0');
    const replicates =
      server().engine.product === 'mariadb'
        ? [`CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=1, MASTER_USER='x'`, 'START SLAVE SQL_THREAD']
        : [
            `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=1, SOURCE_USER='x'`,
            'START REPLICA SQL_THREAD',
          ];
    for (const sql of replicates) await side.ask(sql);
    expect(await failing({ mode: 'plan' })).toMatchObject({
      code: 'database-reader',
      message: expect.stringContaining('is a replica') as string,
    });
    if (server().engine.product === 'mariadb') {
      // Without it MariaDB does not say what is applied, only who is there.
      await side.ask(`REVOKE REPLICA MONITOR ON *.* FROM 'cutover_runbook'@'%'`);
      expect((await failing({ mode: 'plan' })).message).toContain('is a replica');
      await side.ask(`GRANT REPLICA MONITOR ON *.* TO 'cutover_runbook'@'%'`);
    }
    const ends =
      server().engine.product === 'mariadb' ? ['STOP SLAVE', 'RESET SLAVE ALL'] : ['STOP REPLICA', 'RESET REPLICA ALL'];
    for (const sql of ends) await side.ask(sql);
    await (await side.connect({ mode: 'plan' })).close();
  });

  test('our sessions are encrypted and have settings of their own, whatever the server says', async () => {
    await side.ask(`SET GLOBAL time_zone = '+05:00', GLOBAL wait_timeout = 1, GLOBAL sql_mode = 'ANSI_QUOTES,PAD_CHAR_TO_FULL_LENGTH,NO_BACKSLASH_ESCAPES',
      GLOBAL init_connect = 'SET NAMES latin1', GLOBAL autocommit = 0, GLOBAL completion_type = 'RELEASE'`);
    if (server().engine.product === 'mariadb') await side.ask('SET GLOBAL max_statement_time = 0.2');
    const database = await side.started(2);
    const before = Date.now();
    const [row] = await database.reader.query(
      `SELECT 'a\\'b' AS quoted, "x" AS text, SLEEP(1.3) AS slept, @@SESSION.time_zone AS zone,
              @@character_set_results AS results, @@autocommit AS auto`,
      [],
      soon(),
    );
    expect(Date.now() - before).toBeGreaterThan(1200);
    expect(row).toEqual({ quoted: `a'b`, text: 'x', slept: '0', zone: '+00:00', results: 'utf8mb4', auto: '1' });
    const [cipher] = await database.reader.query(`SHOW SESSION STATUS LIKE 'Ssl_cipher'`, [], soon());
    expect(cipher?.['Value']).toMatch(/^TLS_|^ECDHE/);
    // The effect connection has outlived wait_timeout as well.
    await database.flow.writeMarker('forward', 'written').act(soon());
    await side.ask(`SET GLOBAL time_zone = '+00:00', GLOBAL wait_timeout = DEFAULT, GLOBAL sql_mode = DEFAULT,
      GLOBAL init_connect = '', GLOBAL autocommit = 1, GLOBAL completion_type = DEFAULT`);
    if (server().engine.product === 'mariadb') await side.ask('SET GLOBAL max_statement_time = 0');
    await database.close();
  });

  test('accounts of every password plugin come in', async () => {
    const plugins =
      server().engine.product === 'mariadb'
        ? [
            ['mysql_native_password', `IDENTIFIED VIA mysql_native_password USING PASSWORD('it is mine')`],
            ['ed25519', `IDENTIFIED VIA ed25519 USING PASSWORD('it is mine')`],
          ]
        : [
            ['caching_sha2_password', `IDENTIFIED WITH caching_sha2_password BY 'it is mine'`],
            ['sha256_password', `IDENTIFIED WITH sha256_password BY 'it is mine'`],
          ];
    let tried = 0;
    for (const [plugin, identified] of plugins) {
      if (plugin === 'ed25519') await side.ask(`INSTALL SONAME 'auth_ed25519'`).catch(() => undefined);
      const made = await side.ask(`CREATE USER 'by_plugin'@'%' ${identified}`).then(
        () => true,
        (error: Error & { errno?: number }) => {
          // A server without that plugin.
          if (error.errno !== 1524) throw error;
          return false;
        },
      );
      if (!made) continue;
      tried += 1;
      await side.ask(`GRANT SELECT, REPLICATION SLAVE ON *.* TO 'by_plugin'@'%'`);
      const login = (password: string) =>
        side.connect({ mode: 'plan', credentials: { username: 'by_plugin', password } });
      for (let turn = 0; turn < 2; turn += 1) await (await login('it is mine')).close();
      expect(await failureOf(login('it is not'))).toMatchObject({ code: 'database-wrong-password' });
      await side.ask(`DROP USER 'by_plugin'@'%'`);
    }
    expect(tried).toBeGreaterThan(0);
  });

  test('a login of MariaDB’s ed25519 is the signature of the standard where the password is a seed', async () => {
    const seed = 'exactly as long as a seed: 32 B.';
    const wrapped = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(seed)]);
    const key = createPrivateKey({ key: wrapped, format: 'der', type: 'pkcs8' });
    for (let turn = 0; turn < 5; turn += 1) {
      const scramble = Buffer.alloc(32, turn * 51);
      const login = ed25519Login(seed)({ connection: undefined as never, command: '' });
      expect(await login(Buffer.concat([scramble, Buffer.from([0])]))).toEqual(sign(null, scramble, key));
    }
  });

  test('no password stands in what the server shows of our sessions', async () => {
    const database = await side.started(9);
    const shown = JSON.stringify(await side.server.connect().then((root) => root.query('SHOW FULL PROCESSLIST')));
    for (const password of Object.values(passwords)) expect(shown).not.toContain(password);
    await database.close();
  });
});
