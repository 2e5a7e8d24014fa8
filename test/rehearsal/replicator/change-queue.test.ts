import { ChangeQueue, type TransactionPart } from '../../../rehearsal/replicator/change-queue';

const part = (count: number, commit?: string, size = 1): TransactionPart => ({
  changes: Array.from({ length: count }),
  size,
  ...(commit && { commit: { position: commit, committedAtMilliseconds: 5 } }),
});

describe('the queue of changes', () => {
  it('groups whole transactions in their order up to the limit', async () => {
    const queue = new ChangeQueue(() => undefined);
    for (const position of ['1', '2', '3']) queue.push(part(4, position));
    const positions = (await queue.take(8))?.map((each) => each.commit?.position);
    expect(positions).toEqual(['1', '2']);
    expect(queue.incomingChanges).toBe(4);
    expect((await queue.take(8))?.map((each) => each.commit?.position)).toEqual(['3']);
  });

  it('never lets whole transactions wait for the end of a large one', async () => {
    const queue = new ChangeQueue(() => undefined);
    queue.push(part(1, '1'));
    queue.push(part(1));
    queue.push(part(1, '2'));
    expect(await queue.take(10)).toHaveLength(1);
    expect(await queue.take(10)).toHaveLength(1);
    expect((await queue.take(10))?.[0]?.commit?.position).toBe('2');
  });

  it('gives a transaction out alone even when it is above the limit', async () => {
    const queue = new ChangeQueue(() => undefined);
    queue.push(part(50, '1'));
    queue.push(part(1, '2'));
    expect(await queue.take(10)).toHaveLength(1);
  });

  it('pauses reading above its bound and lets it go on below', async () => {
    const calls: boolean[] = [];
    const queue = new ChangeQueue((paused) => calls.push(paused));
    queue.push(part(1, '1', 20 * 1024 * 1024));
    queue.push(part(1, '2', 20 * 1024 * 1024));
    expect(calls).toEqual([true]);
    await queue.take(1);
    expect(calls).toEqual([true, false]);
  });

  it('wakes who waits, with a part or with the end', async () => {
    const queue = new ChangeQueue(() => undefined);
    const first = queue.take(1);
    queue.push(part(1, '1'));
    expect(await first).toHaveLength(1);
    const second = queue.take(1);
    queue.close();
    expect(await second).toBeUndefined();
  });
});
