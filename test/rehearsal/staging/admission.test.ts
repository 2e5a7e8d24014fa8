import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { readArguments } from '../../../rehearsal/arguments';
import { Credentials } from '../../../rehearsal/credentials';
import { startGuardian } from '../../../rehearsal/processes/guardian';
import { createRunFolder } from '../../../rehearsal/processes/run-folder';
import { admitted } from '../../../rehearsal/staging/admission';
import { prepareRunning } from '../../../rehearsal/staging/prepare-running';
import { reachStaging } from '../../../rehearsal/staging/reach';
import { adoptEngines } from '../../../rehearsal/world-engines';
import { describeWhereMysqlIs } from '../../mysql-server';
import { standingOn, startStagingServers, type StagingServers } from './staging-servers';

describeWhereMysqlIs('running staging databases', (mysqlServer) => {
  let servers: StagingServers;
  beforeAll(async () => {
    servers = await startStagingServers({ mysqlServer, postgresSettings: { track_commit_timestamp: 'off' } });
  }, 120_000);
  afterAll(() => servers?.close());

  /** Options replace those of the same name. */
  const given = (...options: string[]) => {
    const kept = [...servers.options];
    for (let at = 0; at < options.length; at += 2) {
      const known = kept.indexOf(options[at] ?? '');
      if (known >= 0) kept.splice(known, 2);
    }
    return readArguments(['orders', ...kept, ...options.filter((each) => each !== '')], servers.environment);
  };
  /** What is said and how it ends, for somebody who answers so. */
  async function admission(typed: readonly string[], ...options: string[]) {
    const { scenario, running } = given(...options);
    if (running === undefined) throw new Error('running databases are meant');
    const said: string[] = [];
    const lines = [...typed];
    const answers = () => () => Promise.resolve(lines.shift());
    const end = await admitted(running, scenario, { say: (text) => said.push(text), answers }).then(
      () => ({ message: 'admitted', exitCode: 0 }),
      (error: Error & { exitCode?: number }) => ({ message: error.message, exitCode: error.exitCode ?? 2 }),
    );
    return { ...end, said: said.join('') };
  }
  const place = ({ host, port }: { host: string; port: number }) => `${host}:${port}`;
  const neverStarted = (): never => {
    throw new Error('running databases are meant');
  };
  const found = () => standingOn(servers);

  test('what cannot be reached is said with its value, what is allowed, and no password', async () => {
    const { source, target, environment } = servers;
    const silent = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    const cases: readonly (readonly [options: string[], reason: string])[] = [
      [
        ['--source', `mysql://root@no-such-host.invalid/shop`],
        'the host no-such-host.invalid of the source is not known',
      ],
      [['--source', `mysql://root@${source.host}:1/shop`], 'ECONNREFUSED'],
      [['--source', `mysql://root@127.0.0.1:${port}/shop`], 'no MySQL or MariaDB server'],
      [['--source', `mysql://root@${place(target)}/shop`], 'the source mysql://root@'],
      [['--source', `mysql://root:not-it@${place(source)}/shop`], 'refuses the login: Access denied'],
      [['--source', `mysql://root@${place(source)}/no_shop`], "refuses the login: Unknown database 'no_shop'"],
      [['--target', `postgresql://postgres@${place(source)}/shop`], 'is no PostgreSQL server'],
      [['--target', `postgresql://postgres:not-it@${place(target)}/shop_new`], 'password authentication failed'],
      [['--target', `postgresql://postgres@${place(target)}/no_shop`], 'database "no_shop" does not exist'],
      [['--source-ca', '/no/such.pem'], '--source-ca /no/such.pem: there is no such file'],
      [['--target-ca', __filename], 'holds no certificate in PEM'],
      [
        ['--source-tls-name', 'another.example.com'],
        'is for shop-mysql.staging.example.com, not for another.example.com',
      ],
      [['--confirm', 'shop'], 'does not name the databases'],
    ];
    for (const [options, reason] of cases) {
      const { exitCode, message } = await admission([], ...options);
      expect({ exitCode, message }).toEqual({ exitCode: 2, message: expect.stringContaining(reason) as string });
      for (const password of [...Object.values(environment), 'not-it']) expect(message).not.toContain(password);
    }
    silent.close();
  });

  test('a certificate of an unknown authority is refused', async () => {
    const { scenario, running } = given();
    if (running === undefined) throw new Error('running databases are meant');
    const unknown = { ...running, authorityFiles: {} };
    await expect(
      admitted(unknown, scenario, { say: () => undefined, answers: () => () => Promise.resolve('shop') }),
    ).rejects.toThrow(
      'was issued by Cutover rehearsal CA. Name a file with the certificate of that authority: --source-ca FILE',
    );
  });

  test('settings, names and rows that are in the way are each said with what mends them', async () => {
    const { ask } = servers;
    const before = await found();
    await ask(
      'source',
      "SET GLOBAL binlog_row_image = 'MINIMAL'; CREATE USER rehearsal_app@'%'; CREATE DATABASE cutover_local",
    );
    await ask('target', "CREATE SCHEMA cutover_flow; INSERT INTO owners (name, mood) VALUES ('somebody', 'calm')");
    const { exitCode, message, said } = await admission(['shop', 'shop_new']);
    expect({ exitCode, said }).toEqual({ exitCode: 3, said: '' });
    for (const problem of [
      'source: binlog_row_image is MINIMAL, and FULL is needed',
      "SET GLOBAL binlog_row_image = 'FULL'",
      'source: the account rehearsal_app is there already',
      'source: the database cutover_local is there already',
      'target: track_commit_timestamp is off, and on is needed',
      'target: the schema cutover_flow is there already',
      'target: rows stand in public.owners, where the load brings every row',
      'Nothing was written.',
    ])
      expect(message).toContain(problem);
    await ask(
      'source',
      "SET GLOBAL binlog_row_image = 'FULL'; DROP USER rehearsal_app@'%'; DROP DATABASE cutover_local",
    );
    await ask('target', 'DROP SCHEMA cutover_flow');
    await ask('target', "ALTER SYSTEM SET track_commit_timestamp = 'on'");
    await servers.restartTarget();
    expect(await found()).toEqual(before);
  });

  test('another name than that of the database ends it, and nothing was written', async () => {
    const before = await found();
    for (const typed of [[], ['shop'], ['shop', 'shop'], ['SHOP', 'shop_new'], ['', 'shop_new']]) {
      const end = await admission(typed, '--empty-target', '');
      expect([end.exitCode, end.message]).toEqual([4, 'That is not the name. Nothing was written.']);
    }
    expect(await found()).toEqual(before);
  });

  /** What `cutover check` would generate for a converted column. */
  const makeTrigger = async (name: string) => {
    await servers.ask(
      'target',
      `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
    );
    await servers.ask(
      'target',
      `CREATE TRIGGER ${name} BEFORE INSERT ON owners FOR EACH ROW EXECUTE FUNCTION ${name}()`,
    );
  };

  test('what a killed rehearsal left is taken away by its guardian, or by the next rehearsal', async () => {
    await makeTrigger('cutover_of_the_team');
    const before = await found();
    const { scenario, running } = given('--empty-target', '');
    if (running === undefined) throw new Error('running databases are meant');
    const begin = async () => {
      const runFolder = createRunFolder();
      const guardian = startGuardian(runFolder);
      await guardian.ready;
      const credentials = new Credentials();
      const pair = await reachStaging(running);
      const adopted = await adoptEngines(pair, { scenario, credentials, runFolder, guardian });
      await prepareRunning(pair, adopted.engines, scenario, credentials);
      await makeTrigger('cutover_made_here');
      expect(await found()).not.toEqual(before);
      return { guardian, letGo: adopted.letGo };
    };

    const one = await begin();
    expect((await admission([], '--empty-target', '')).message).toContain('source: another rehearsal is at work there');
    await one.letGo();
    await one.guardian.close();
    expect(await found()).toEqual(before);

    const other = await begin();
    other.guardian.atTheEnd(undefined);
    await other.letGo();
    await other.guardian.close();
    const end = await admission(['shop', 'shop_new'], '--empty-target', '');
    expect(end.message).toBe('admitted');
    expect(end.said).toMatch(
      /was killed and left things behind[^]*taken away from the source: accounts rehearsal_runbook/,
    );
    expect(await found()).toEqual(before);
    expect(await servers.ask('target', 'SELECT count(*)::int AS rows FROM owners')).toEqual([{ rows: 0 }]);
  }, 120_000);

  test('events that a fence had stopped run again as they were', async () => {
    const { ask } = servers;
    await ask(
      'source',
      'SET GLOBAL event_scheduler = ON; CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM visits WHERE id < 0',
    );
    const before = await ask('source', 'SELECT * FROM information_schema.EVENTS');
    const pair = await reachStaging(given('--empty-target', '').running ?? neverStarted());
    const { scenario } = given();
    const runFolder = createRunFolder();
    const guardian = startGuardian(runFolder);
    await guardian.ready;
    const adopted = await adoptEngines(pair, { scenario, credentials: new Credentials(), runFolder, guardian });
    await prepareRunning(pair, adopted.engines, scenario, new Credentials());
    await ask(
      'source',
      `CREATE DATABASE cutover_local; CREATE TABLE cutover_local.fenced_event AS
         SELECT EVENT_SCHEMA AS event_schema, EVENT_NAME AS event_name, 'root@\`%\`' AS definer, SQL_MODE AS sql_mode,
                CHARACTER_SET_CLIENT AS client_charset, COLLATION_CONNECTION AS client_collation FROM information_schema.EVENTS;
       ALTER EVENT nightly DISABLE`,
    );
    await adopted.release();
    await guardian.close();
    const known = ({ LAST_ALTERED: _altered, ...event }: Record<string, unknown>) => event;
    expect((await ask('source', 'SELECT * FROM information_schema.EVENTS')).map(known)).toEqual(before.map(known));
    await ask('source', 'DROP EVENT nightly; SET GLOBAL event_scheduler = OFF');
  });
});
