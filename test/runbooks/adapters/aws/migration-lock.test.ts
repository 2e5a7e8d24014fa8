import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { S3MigrationLock } from '../../../../runbooks/adapters/aws/migration-lock';
import { TextObjects } from '../../../../runbooks/adapters/aws/text-objects';
import { systemClock } from '../../../../runbooks/adapters/clock';
import { randomNonces } from '../../../../runbooks/adapters/nonces';
import { StaleEpochError } from '../../../../runbooks/ports/failures';
import { bucket, noSignal, openPlace, type Place } from './aws-place';

const key = 'locks/test/billing.json';
const wish = (runId: string, takeOver = false) => ({ runId, verb: 'switch', takeOver });

describe('the lock of a migration', () => {
  let place: Place;
  beforeEach(async () => {
    place = await openPlace();
  });
  afterEach(() => place.close());

  const operator = (holderName: string) =>
    new S3MigrationLock({
      objects: new TextObjects(place.clients, bucket),
      environment: 'test',
      migration: 'billing',
      holderName,
      clock: systemClock,
      nonces: randomNonces,
    });
  const body = async () => {
    const { client } = await place.clients.s3();
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return JSON.parse((await Body?.transformToString()) ?? '') as Record<string, unknown>;
  };
  const lose = (count = 1) =>
    place.endpoint.addFault({ kind: 'answer-lost', service: 's3', operation: 'PutObject', count, manner: 'reset' });

  test('is taken once, refused to the next, and free again with its number kept', async () => {
    const [ada, bob] = [operator('ada@host'), operator('bob@host')];
    expect(await ada.read(noSignal)).toBeUndefined();
    expect(await ada.take(wish('run-1'), noSignal)).toEqual({ taken: true, epoch: 1 });
    expect(await bob.take(wish('run-2'), noSignal)).toMatchObject({
      taken: false,
      reading: { epoch: 1, holder: { name: 'ada@host', runId: 'run-1', verb: 'switch' } },
    });
    await ada.release(noSignal);
    expect(await bob.read(noSignal)).toEqual({ epoch: 1 });
    expect(await body()).toEqual({ schema: 1, epoch: 1, nonce: expect.any(String) as string });
    expect(await bob.take(wish('run-2'), noSignal)).toEqual({ taken: true, epoch: 2 });
  });

  test('goes to exactly one of many who ask at once', async () => {
    const attempts = await Promise.all(
      Array.from({ length: 6 }, (_unused, i) => operator(`o${i}`).take(wish(`run-${i}`), noSignal)),
    );
    expect(attempts.filter(({ taken }) => taken)).toEqual([{ taken: true, epoch: 1 }]);
  });

  test('is ours when the answer was lost: taking, renewing, releasing', async () => {
    const ada = operator('ada@host');
    lose();
    expect(await ada.take(wish('run-1'), noSignal)).toEqual({ taken: true, epoch: 1 });
    lose();
    expect(await ada.renew(noSignal)).toBe(true);
    expect(await ada.renew(noSignal)).toBe(true);
    lose();
    await ada.release(noSignal);
    expect(await ada.read(noSignal)).toEqual({ epoch: 1 });
    expect(await ada.renew(noSignal)).toBe(false);
  });

  test('renewing moves the sign of life only', async () => {
    const ada = operator('ada@host');
    await ada.take(wish('run-1'), noSignal);
    const before = await ada.read(noSignal);
    await systemClock.sleep(5, noSignal);
    expect(await ada.renew(noSignal)).toBe(true);
    const after = await ada.read(noSignal);
    expect(after?.holder?.renewedAt).not.toBe(before?.holder?.renewedAt);
    expect({ ...after?.holder, renewedAt: '' }).toEqual({ ...before?.holder, renewedAt: '' });
  });

  test('is taken over only by an explicit act, and then the old holder is refused everything', async () => {
    const [ada, bob] = [operator('ada@host'), operator('bob@host')];
    await ada.take(wish('run-1'), noSignal);
    await expect(ada.assertHeld(noSignal)).resolves.toBeUndefined();
    expect(await bob.take(wish('run-2', true), noSignal)).toEqual({ taken: true, epoch: 2 });
    expect(await ada.renew(noSignal)).toBe(false);
    await expect(ada.assertHeld(noSignal)).rejects.toThrow(StaleEpochError);
    await expect(ada.assertHeld(noSignal)).rejects.toThrow(/bob@host has taken this migration over with epoch 2/);
    await ada.release(noSignal);
    expect(await bob.read(noSignal)).toMatchObject({ epoch: 2, holder: { runId: 'run-2' } });
  });

  test('a takeover is of the holder that was seen: who came in between keeps it', async () => {
    const [ada, bob, eve] = [operator('ada@host'), operator('bob@host'), operator('eve@host')];
    await ada.take(wish('run-1'), noSignal);
    const { client } = await place.clients.s3();
    let between = false;
    client.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === 'PutObjectCommand' && !between) {
          between = true;
          await eve.take(wish('run-3', true), noSignal);
        }
        return next(args);
      },
      { step: 'initialize', name: 'between', priority: 'high' },
    );
    expect(await bob.take(wish('run-2', true), noSignal)).toMatchObject({
      taken: false,
      reading: { epoch: 2, holder: { name: 'eve@host' } },
    });
  });

  test('an unreachable store says nothing about the lock, a run without the lock is refused', async () => {
    const ada = operator('ada@host');
    await expect(ada.assertHeld(noSignal)).rejects.toThrow('is not held by this run');
    await ada.take(wish('run-1'), noSignal);
    place.endpoint.addFault({
      kind: 'refuse',
      service: 's3',
      operation: 'GetObject',
      code: 'AccessDenied',
      status: 403,
      count: 1,
    });
    place.endpoint.addFault({
      kind: 'refuse',
      service: 's3',
      operation: 'ListObjectsV2',
      code: 'AccessDenied',
      status: 403,
      count: 1,
    });
    await expect(ada.assertHeld(noSignal)).resolves.toBeUndefined();
  });

  test('a missing lock is free also where S3 says 403 for what is not there', async () => {
    place.endpoint.addFault({
      kind: 'refuse',
      service: 's3',
      operation: 'GetObject',
      code: 'AccessDenied',
      status: 403,
      count: 1,
    });
    expect(await operator('ada@host').read(noSignal)).toBeUndefined();
    await operator('ada@host').take(wish('run-1'), noSignal);
    place.endpoint.addFault({
      kind: 'refuse',
      service: 's3',
      operation: 'GetObject',
      code: 'AccessDenied',
      status: 403,
      count: 1,
    });
    await expect(operator('ada@host').read(noSignal)).rejects.toThrow(/S3 GetObject: access denied/);
  });

  test('an unreadable lock is nobody’s to take', async () => {
    const { client } = await place.clients.s3();
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: '{"schema":2}' }));
    await expect(operator('ada@host').take(wish('run-1'), noSignal)).rejects.toThrow(
      's3://cutover-journal/locks/test/billing.json is not a lock of schema 1',
    );
  });
});
