import { systemClock } from '../../../runbooks/adapters/clock';
import { randomNonces } from '../../../runbooks/adapters/nonces';

describe('clock and nonces', () => {
  test('a sleep lasts as long as asked, or until its signal, whose reason it carries', async () => {
    const before = systemClock.nowMilliseconds();
    await systemClock.sleep(20, new AbortController().signal);
    expect(systemClock.nowMilliseconds() - before).toBeGreaterThanOrEqual(19);
    const reason = new Error('interrupted');
    const interrupted = new AbortController();
    const sleeping = systemClock.sleep(600_000, interrupted.signal);
    interrupted.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    await expect(systemClock.sleep(600_000, interrupted.signal)).rejects.toBe(reason);
  });

  test('nonces are fresh and need no quoting', () => {
    const nonces = new Set(Array.from({ length: 100 }, () => randomNonces.next()));
    expect(nonces.size).toBe(100);
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{32}$/);
  });
});
