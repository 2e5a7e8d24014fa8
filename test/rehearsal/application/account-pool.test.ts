import type { ApplicationSession } from '../../../rehearsal/application/engine/application-session';
import { AccountPool, NotReady } from '../../../rehearsal/application/stack/account-pool';

const session = () => {
  const made = { broken: false, closed: false, close: () => void (made.closed = true) };
  return made;
};

/** A database whose gate can be opened; it counts who logs in, and how many at a time. */
function database() {
  const made: ReturnType<typeof session>[] = [];
  const state = { open: false, logins: 0, made };
  const login = async () => {
    state.logins += 1;
    await new Promise((done) => setTimeout(done, 1));
    if (!state.open) throw Object.assign(new Error('locked'), { code: 'LOCKED' });
    made.push(session());
    return made.at(-1) as unknown as ApplicationSession;
  };
  return { state, login };
}

const moment = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

test('many requests at a locked gate are answered at once, and are few logins', async () => {
  const { state, login } = database();
  const pool = new AccountPool(login, 4);
  await pool.tried();
  const from = Date.now();
  let refused = 0;
  while (Date.now() - from < 300) {
    await pool.with(() => Promise.resolve()).catch((error: unknown) => (refused += error instanceof NotReady ? 1 : 0));
    await moment(1);
  }
  expect(refused).toBeGreaterThan(10);
  expect(state.logins).toBeLessThanOrEqual(2 + (Date.now() - from) / 40);
  expect(pool.reason).toBe('LOCKED');
  expect(pool.sessions).toBe(0);
  pool.close();
});

test('an opened gate is seen by the next probe, and all are served then', async () => {
  const { state, login } = database();
  const pool = new AccountPool(login, 4);
  await pool.tried();
  state.open = true;
  for (;;) {
    const served = await pool.with(() => Promise.resolve(true)).catch(() => false);
    if (served) break;
    await moment(5);
  }
  const together = await Promise.all(Array.from({ length: 30 }, () => pool.with(() => moment(1).then(() => true))));
  expect(together).toEqual(Array(30).fill(true));
  expect(pool.sessions).toBeLessThanOrEqual(4);
  pool.close();
  expect(state.made.every(({ closed }) => closed)).toBe(true);
});

test('broken sessions leave the pool, whether they were lent or idle', async () => {
  const { state, login } = database();
  state.open = true;
  const pool = new AccountPool(login, 2);
  await pool.tried();
  await pool.with((lent) => Promise.resolve(void Object.assign(lent, { broken: true })));
  expect(pool.sessions).toBe(0);
  await pool.with(() => Promise.resolve());
  state.made.forEach((each) => (each.broken = true));
  await pool.with((lent) => Promise.resolve(expect(lent.broken).toBe(false)));
  expect(pool.sessions).toBe(1);
  state.made.forEach((each) => (each.broken = true));
  state.open = false;
  await expect(pool.with(() => Promise.resolve())).rejects.toThrow(NotReady);
  expect(pool.sessions).toBe(0);
  pool.close();
});
