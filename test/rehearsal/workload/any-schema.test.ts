import { mkdirSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { gatherFacts } from '../../../rehearsal/judge/engine-facts';
import { exactlyOnce, touchedKeys } from '../../../rehearsal/judge/exactly-once';
import { readFinalRows } from '../../../rehearsal/judge/final-rows';
import { loadLedger } from '../../../rehearsal/judge/ledger-view';
import { startWorkload } from './running-workload';
import { ACCOUNTS, startTwoEngines, type TwoEngines } from './two-engines';

let world: TwoEngines;
beforeAll(async () => void (world = await startTwoEngines()));
afterAll(() => world.close());

test('a folder with nothing but a strange schema gets writes of every kind, and its ledger is true', async () => {
  const folder = join(world.runFolder, 'strange');
  mkdirSync(folder);
  copyFileSync(join(__dirname, 'strange-schema.sql'), join(folder, 'schema.sql'));
  await world.createDatabase('source', 'strange', join(folder, 'schema.sql'));
  await world.createDatabase('target', 'strange', join(folder, 'schema.sql'));
  const configuration = { ...world.configuration('strange', folder, 'strange.ndjson'), writesPerSecond: 300 };
  const workload = await startWorkload(world, configuration);
  expect(workload.ready['skipped']).toEqual([
    expect.stringContaining('public.without_key: it has no key'),
    expect.stringContaining('public.only_flags: duplicate key'),
  ]);
  await workload.acknowledges(600);
  await workload.child.stop();
  const stopped = workload.lines.find((line) => line.type === 'stopped');
  expect(Number(stopped?.['refused'])).toBeLessThan(Number(stopped?.['acknowledged']) / 20);
  expect(Number(stopped?.['reads'])).toBeGreaterThan(0);

  const ledger = await loadLedger(configuration.ledgerFile);
  const done = new Set(ledger.transactions.flatMap((each) => each.operations.map((operation) => operation.table)));
  expect([...done].sort()).toEqual([
    'Odd "Schema.User Settings', 'public.audit', 'public.bookings', 'public.codes', 'public.every_type', 'public.measurements',
    'public.sums', 'public.tenants', 'public.users', 'rehearsal_ledger.jobs',
  ]); // prettier-ignore
  const deletions = ledger.transactions
    .flatMap((each) => each.operations)
    .filter((operation) => operation.row === null);
  expect(deletions.length).toBeGreaterThan(0);

  const connections = { source: world.connection('source', 'strange'), target: world.connection('target', 'strange') };
  const facts = await gatherFacts(ledger, connections, ACCOUNTS.write);
  const rows = await readFinalRows(connections.source, touchedKeys(ledger));
  expect(exactlyOnce(ledger, facts, facts.source, rows).finding).toMatchObject({ verdict: 'held' });
});
