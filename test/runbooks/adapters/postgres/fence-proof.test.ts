import type { ConnectOptions } from '../../../../runbooks/adapters/database/connecting';
import { halfOpenLogin } from './half-open-login';
import { failureOf, passwords, type Account, perform, soon, startTwoSides, type TwoSides } from './two-sides';

let sides: TwoSides;
beforeAll(async () => {
  sides = await startTwoSides(['source']);
});
afterAll(() => sides.close());

const aMoment = () => AbortSignal.timeout(1000);
const fenced = async (overrides: Partial<ConnectOptions> = {}) => {
  const database = await sides.source.started(1, overrides);
  await perform(database.gate.fence());
  await perform(database.gate.endSessions());
  return database;
};
afterEach(async () => {
  await sides.source.ask('ALTER ROLE billing_app LOGIN; ALTER ROLE billing_worker LOGIN');
  await sides.source.ask('DELETE FROM cutover_local.fenced_account');
});

test('an open gate is not proven, by the accounts that are not locked', async () => {
  const database = await sides.source.started();
  expect(await database.gate.whyNotFenced(aMoment())).toMatchObject({
    code: 'account-not-locked',
    text: expect.stringContaining('billing_app, billing_worker') as string,
  });
  await database.close();
});

test('a session that is left, idle or writing, is the reason', async () => {
  const side = sides.source;
  const database = await side.started();
  const app = await side.session('billing_app');
  await perform(database.gate.fence());
  expect(await database.gate.whyNotFenced(aMoment())).toMatchObject({
    code: 'session-under-fence',
    next: expect.stringMatching(/^SELECT pg_terminate_backend\(\d+\)$/) as string,
  });
  await app.query(`BEGIN; INSERT INTO billing.customers (name) VALUES ('x')`);
  expect((await database.gate.whyNotFenced(aMoment()))?.code).toBe('transaction-under-fence');
  await perform(database.gate.endSessions());
  expect(await database.gate.whyNotFenced(soon())).toBeUndefined();
  await database.close();
});

test('a session of an account that was dropped meanwhile is the reason, and is ended', async () => {
  const side = sides.source;
  await side.ask(`CREATE ROLE passing LOGIN PASSWORD 'passing'`);
  await side.ask('GRANT passing TO cutover_runbook WITH ADMIN OPTION');
  const { Client } = await import('pg');
  const client = new Client(side.loginConfig('passing', 'passing'));
  client.on('error', () => undefined);
  await client.connect();
  const database = await side.started();
  await perform(database.gate.fence());
  await side.ask('DROP ROLE passing');
  expect((await database.gate.whyNotFenced(aMoment()))?.code).toBe('session-under-fence');
  await perform(database.gate.endSessions());
  expect(await database.gate.whyNotFenced(soon())).toBeUndefined();
  await database.close();
});

test('a prepared transaction is the reason', async () => {
  const side = sides.source;
  const app = await side.session('billing_app');
  await app.query(`BEGIN; INSERT INTO billing.customers (name) VALUES ('x'); PREPARE TRANSACTION 'left behind'`);
  const database = await fenced();
  expect(await database.gate.whyNotFenced(aMoment())).toMatchObject({
    code: 'prepared-transaction',
    text: expect.stringContaining('left behind') as string,
  });
  expect(await database.sessions.preparedTransactions(soon())).toEqual(['left behind']);
  await side.ask(`ROLLBACK PREPARED 'left behind'`);
  expect(await database.gate.whyNotFenced(soon())).toBeUndefined();
  await database.close();
});

test('a login that began before the fence holds the proof up until it is gone', async () => {
  const side = sides.source;
  const database = await side.started();
  await perform(database.gate.fence());
  const login = await halfOpenLogin(side.engine, 'billing_app', 'billing');
  expect((await database.gate.whyNotFenced(aMoment()))?.code).toBe('login-under-fence');
  expect((await failureOf(perform(database.gate.endSessions(), aMoment()))).name).toBe('TimeoutError');
  const ending = perform(database.gate.endSessions());
  login.destroy();
  await ending;
  expect(await database.gate.whyNotFenced(soon())).toBeUndefined();
  await database.close();
});

test('a refusal for another cause proves nothing', async () => {
  const loginSecret = async (secretId: string) => ({ username: secretId, password: 'another password' });
  const database = await fenced({ loginSecret });
  const reason = await database.gate.whyNotFenced(aMoment());
  expect(reason).toMatchObject({
    code: 'login-not-refused-by-lock',
    text: expect.stringContaining('wrong password') as string,
  });
  expect(JSON.stringify(reason)).not.toContain('another password');
  await database.close();
});

test('a secret that was put right meanwhile is read again', async () => {
  let asked = 0;
  const loginSecret = async (secretId: string) => {
    asked += 1;
    return { username: secretId, password: asked <= 2 ? 'not yet' : passwords[secretId as Account] };
  };
  const database = await fenced({ loginSecret });
  expect(asked).toBe(2);
  expect(await database.gate.whyNotFenced(soon())).toBeUndefined();
  expect(asked).toBe(4);
  await database.close();
});

test('a login that is let in is the reason', async () => {
  const loginSecret = async () => ({ username: 'billing_report', password: passwords.billing_report });
  const database = await fenced({ loginSecret });
  expect((await database.gate.whyNotFenced(aMoment()))?.code).toBe('login-accepted');
  await database.close();
});

test('an account that does not exist is not a locked one', async () => {
  const manifest = structuredClone(sides.manifest);
  manifest.accounts.write.push({ name: 'ghost', secretId: 'billing_app' });
  const database = await fenced({ manifest });
  expect(await database.gate.whyNotFenced(aMoment())).toMatchObject({ code: 'account-missing' });
  await database.close();
});

test('it waits until the reason is gone', async () => {
  const side = sides.source;
  const database = await side.started();
  const app = await side.session('billing_app');
  await perform(database.gate.fence());
  const waiting = database.gate.whyNotFenced(soon());
  await app.end();
  expect(await waiting).toBeUndefined();
  await database.close();
});

test('time over gives an answer even when nothing could be looked at, an interruption throws', async () => {
  const database = await sides.source.started();
  const over = AbortSignal.abort(new DOMException('over', 'TimeoutError'));
  expect((await database.gate.whyNotFenced(over))?.code).toBe('fence-unproven');
  const interrupted = AbortSignal.abort(new Error('interrupted'));
  expect((await failureOf(database.gate.whyNotFenced(interrupted))).message).toBe('interrupted');
  await database.close();
});
