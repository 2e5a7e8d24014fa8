import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { join } from 'node:path';
import { judge, type JudgeInput } from '../../../rehearsal/judge/judge';
import { renderReport } from '../../../rehearsal/judge/report';
import { resultOf } from '../../../rehearsal/judge/result';
import type { Side } from '../../../rehearsal/workload/configuration';
import { startWorkload } from '../workload/running-workload';
import { ACCOUNTS, startTwoEngines, type TwoEngines } from '../workload/two-engines';

const TINY = join(__dirname, '../scenarios/tiny');
const CONTROL = require.resolve('../../../rehearsal/workload/consumer-control.js');
const DATABASE = 'tiny';

let world: TwoEngines;
beforeAll(async () => {
  world = await startTwoEngines();
  for (const side of ['source', 'target'] as const)
    await world.createDatabase(side, DATABASE, join(TINY, 'schema.sql'));
  await world.sql('source', DATABASE, (await import('node:fs')).readFileSync(join(TINY, 'seed.sql'), 'utf8'));
  // PostgreSQL's own logical replication stands in for DMS here.
  await world.sql('source', DATABASE, 'CREATE PUBLICATION all_tables FOR TABLES IN SCHEMA public, rehearsal_ledger');
  const { host, port } = world.engines.source;
  const password = world.engines.source.superuser.password as string;
  await world.sql(
    'target',
    DATABASE,
    `CREATE SUBSCRIPTION from_source CONNECTION 'host=${host} port=${port} dbname=${DATABASE} user=postgres password=''${password}'' sslmode=require' PUBLICATION all_tables`,
  );
});
afterAll(async () => {
  await world.sql('target', DATABASE, 'ALTER SUBSCRIPTION from_source DISABLE');
  await world.close();
});

async function lock(side: Side): Promise<void> {
  await world.sql(side, DATABASE, ACCOUNTS.write.map((role) => `ALTER ROLE ${role} NOLOGIN;`).join(''));
  // Only once the lock is committed: who is ended before that comes right back.
  const sessions = `FROM pg_stat_activity WHERE usename IN ('app', 'worker')`;
  await world.sql(side, DATABASE, `SELECT pg_terminate_backend(pid, 1000) ${sessions}`);
  await untilTrue(side, `SELECT count(*) = 0 ${sessions}`);
}
const unlock = (side: Side) =>
  world.sql(side, DATABASE, ACCOUNTS.write.map((role) => `ALTER ROLE ${role} LOGIN;`).join(''));

async function untilTrue(side: Side, condition: string): Promise<void> {
  while (!(await world.sql(side, DATABASE, `SELECT (${condition}) AS met`))[0]?.['met'])
    await new Promise((done) => setTimeout(done, 20));
}

/** What the operator would do, in the right order. */
async function switchToTarget(): Promise<void> {
  await lock('source');
  const [position] = await world.sql('source', DATABASE, 'SELECT pg_current_wal_insert_lsn() AS lsn');
  await world.sql('source', DATABASE, "SELECT pg_logical_emit_message(true, 'test', 'drain')");
  await untilTrue(
    'source',
    `SELECT bool_and(confirmed_flush_lsn >= '${String(position?.['lsn'])}') FROM pg_replication_slots`,
  );
  const sequences = await world.sql(
    'source',
    DATABASE,
    "SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename) AS name, coalesce(last_value, 1) AS value FROM pg_sequences",
  );
  for (const { name, value } of sequences)
    await world.sql('target', DATABASE, `SELECT setval('${String(name)}', ${Number(value) + 1000})`);
  world.pointNameTo('target');
  await unlock('target');
}

const control = (...command: string[]) =>
  promisify(execFile)(process.execPath, [CONTROL, join(world.runFolder, 'consumer.json'), ...command]).then(
    () => 0,
    (error: { code: number }) => error.code,
  );

function input(ledgerFile: string, window: { from: number; until: number }): JudgeInput {
  return {
    ledgerFile,
    connections: { source: world.connection('source', DATABASE), target: world.connection('target', DATABASE) },
    writeAccounts: ACCOUNTS.write,
    windows: [{ verb: 'switch', ...window }],
    // Nothing leads back here.
    replicationEnded: true,
    maxWritePauseMilliseconds: 60_000,
    captured: [],
    secrets: [],
  };
}

test('a careful switch by hand is judged sound, and each harm done to it afterwards is seen', async () => {
  const configuration = world.configuration(DATABASE, TINY, 'careful.ndjson');
  const workload = await startWorkload(world, configuration);
  await untilTrue('target', "SELECT bool_and(srsubstate = 'r') FROM pg_subscription_rel");
  await workload.acknowledges(200);
  expect(await control('prove')).toBe(1);
  expect(await control('pause')).toBe(0);
  expect(await control('prove')).toBe(0);
  const from = Date.now();
  await switchToTarget();
  expect(await control('resume', 'target')).toBe(0);
  const until = Date.now();
  await workload.acknowledges(200);
  await workload.child.stop();

  const evidence = input(configuration.ledgerFile, { from, until });
  const judgement = await judge(evidence);
  const verdicts = Object.fromEntries(
    Object.entries(judgement.invariants).map(([name, { verdict, evidence: why }]) => [
      name,
      verdict === 'violated' ? why : verdict,
    ]),
  );
  expect(verdicts).toMatchObject({ I1: 'held', I2: 'held', I3: 'held', I4: 'held', I5: 'not exercised', I11: 'held' });
  expect(judgement).toMatchObject({
    primary: 'target',
    lostWrites: 0,
    duplicateWrites: 0,
    writesAcceptedByBothSides: 0,
  });
  expect(judgement.acknowledgedWrites).toBeGreaterThan(400);
  expect(judgement.switches).toMatchObject([{ verb: 'switch', direction: 'forward' }]);
  expect(Object.keys(judgement.switches[0]?.writePauseMilliseconds.perClient ?? {})).toHaveLength(8);
  const summary = {
    migration: DATABASE,
    outcome: 'passed' as const,
    ending: 'passed',
    expected: 'passed',
    faultsNotHappened: [],
    durationSeconds: 1,
    judgement,
    parts: [{ fence: 3 }],
  };
  expect(resultOf(summary)).toMatchObject({
    type: 'rehearsal.result',
    lostWrites: 0,
    switches: [{ direction: 'forward', partsMilliseconds: { fence: 3 } }],
  });
  expect(renderReport(summary, [{ at: from, text: 'switch' }])).toMatch(/I1 +held .*\n.*checked: every acknowledged/);

  await world.sql(
    'target',
    DATABASE,
    "INSERT INTO rehearsal_ledger.entries (client, sequence_number, note) SELECT client, sequence_number, 'again' FROM rehearsal_ledger.entries WHERE client = 'writer-1' ORDER BY id LIMIT 1",
  );
  await world.sql(
    'target',
    DATABASE,
    "DELETE FROM rehearsal_ledger.entries WHERE client = 'writer-2' AND sequence_number = 1",
  );
  await world.sql(
    'target',
    DATABASE,
    "UPDATE pets SET name = name || ' ' WHERE (owner_id, number) = (SELECT owner_id, number FROM pets WHERE number > 2 ORDER BY number LIMIT 1)",
  );
  const harmed = await judge(evidence);
  expect(harmed).toMatchObject({ duplicateWrites: 1, invariants: { I1: { verdict: 'violated' } } });
  expect(harmed.invariants.I1.evidence.join('\n')).toMatch(/lost: writer-2 #1,[^]*row differs: public.pets/);
  expect(harmed.invariants.I3.verdict).toBe('violated');
});

test('a careless operator who opens one side before the other is fenced is found out', async () => {
  const configuration = world.configuration(DATABASE, TINY, 'careless.ndjson');
  const workload = await startWorkload(world, configuration);
  await workload.acknowledges(100);
  const from = Date.now();
  await unlock('source');
  world.pointNameTo('source');
  await workload.acknowledges(100);
  await lock('source');
  const until = Date.now();
  await workload.child.stop();
  const judgement = await judge(input(configuration.ledgerFile, { from, until }));
  expect(judgement.invariants.I2.verdict).toBe('violated');
  expect(judgement.writesAcceptedByBothSides).toBeGreaterThan(0);
});
