import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { s3JournalStore } from '../../../../runbooks/adapters/aws/journal-store';
import { TextObjects } from '../../../../runbooks/adapters/aws/text-objects';
import { LocalSpool } from '../../../../runbooks/adapters/local-spool';
import { systemClock } from '../../../../runbooks/adapters/clock';
import { brokenChain, Journal } from '../../../../runbooks/procedure/journal';
import { bucket, noSignal, openPlace, type Place } from './aws-place';

describe('the journal store', () => {
  let place: Place;
  let folder: string;
  beforeEach(async () => {
    place = await openPlace();
    folder = await mkdtemp(join(tmpdir(), 'cutover-spool-'));
  });
  afterEach(async () => {
    await place.close();
    await rm(folder, { recursive: true });
  });

  const store = (patienceMilliseconds = 60_000) =>
    s3JournalStore(new TextObjects(place.clients, bucket), new LocalSpool(join(folder, 'spool')), {
      environment: 'test',
      migration: 'billing',
      patienceMilliseconds,
    });

  test('keeps every record under its number and gives them back in order', async () => {
    const texts = Array.from({ length: 12 }, (_unused, i) => `{"n":${i + 1},"text":"ä€"}`);
    for (const [index, text] of texts.entries()) await store().append('run-1', index + 1, text, noSignal);
    await store().append('run-10', 1, '{"other":"run"}', noSignal);
    expect(await store().read('run-1', noSignal)).toEqual(texts);
    expect(await store().read('never', noSignal)).toEqual([]);
    const { client } = await place.clients.s3();
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'journal/' }));
    expect(Contents?.[0]?.Key).toBe('journal/test/billing/run-1/00000001.json');
  });

  test.each(['error', 'reset'] as const)('a record whose answer was lost (%s) is stored once', async (manner) => {
    place.endpoint.addFault({ kind: 'answer-lost', service: 's3', operation: 'PutObject', count: 1, manner });
    await store().append('run-1', 1, 'text', noSignal);
    await store().append('run-1', 1, 'text', noSignal);
    expect(await store().read('run-1', noSignal)).toEqual(['text']);
  });

  test('a record is never overwritten', async () => {
    await store().append('run-1', 1, 'text', noSignal);
    await expect(store().append('run-1', 1, 'other', noSignal)).rejects.toThrow('holds another record');
    expect(await store().read('run-1', noSignal)).toEqual(['text']);
  });

  test('a write that meets another one is tried again', async () => {
    const conflict = {
      kind: 'refuse',
      service: 's3',
      operation: 'PutObject',
      code: 'ConditionalRequestConflict',
      status: 409,
    } as const;
    place.endpoint.addFault({ ...conflict, count: 2 });
    await store().append('run-1', 1, 'text', noSignal);
    place.endpoint.addFault({ ...conflict, count: 3 });
    await expect(store().append('run-1', 2, 'text', noSignal)).rejects.toThrow('was refused 3 times');
  });

  test('an append ends with its signal, at once', async () => {
    place.endpoint.addFault({ kind: 'throttle', service: 's3', operation: 'PutObject', count: 50 });
    const deadline = new AbortController();
    const appending = store().append('run-1', 1, 'text', deadline.signal);
    setTimeout(() => deadline.abort(new Error('over')), 20);
    await expect(appending).rejects.toThrow('over');
    await expect(store().append('run-1', 1, 'text', deadline.signal)).rejects.toThrow('over');
    await expect(store(20).append('run-1', 1, 'text', noSignal)).rejects.toThrow(
      'did not take the record within 20 ms',
    );
  });

  test('spools for the operator alone, never over another record', async () => {
    await store().spool('run-1', 3, 'text');
    await store().spool('run-1', 3, 'text');
    const path = join(folder, 'spool', 'run-1', '00000003.json');
    expect(await readFile(path, 'utf8')).toBe('text');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'spool', 'run-1'))).mode & 0o777).toBe(0o700);
    await expect(store().spool('run-1', 3, 'other')).rejects.toThrow('holds another record');
    expect(await readdir(join(folder, 'spool', 'run-1'))).toEqual(['00000003.json']);
  });

  const journal = () => new Journal({ store: store(), clock: systemClock, runId: 'run-1', actor: 'ada@host' });
  const refuseRecords = (count: number) =>
    place.endpoint.addFault({
      kind: 'refuse',
      service: 's3',
      operation: 'PutObject',
      code: 'AccessDenied',
      status: 403,
      count,
    });

  test('what a run spooled while the store refused it is uploaded by the next one, the chain intact', async () => {
    const first = journal();
    await first.append({ type: 'one' }, noSignal);
    refuseRecords(2);
    // The forward effect fails for it; the undo goes on, and with it the record that could not be written.
    await expect(first.append({ type: 'two' }, noSignal)).rejects.toThrow('journal cannot be written');
    for (const type of ['three', 'four', 'five']) await first.append({ type }, noSignal, true);
    expect(await store().read('run-1', noSignal)).toHaveLength(1);

    expect(await store().uploadSpooled(noSignal)).toEqual([{ runId: 'run-1', records: 4 }]);
    const records = await store().read('run-1', noSignal);
    expect(records.map((text) => (JSON.parse(text) as { type: string }).type)).toEqual([
      'one',
      'two',
      'three',
      'four',
      'five',
    ]);
    expect(brokenChain(records)).toBeUndefined();
    expect(await readdir(join(folder, 'spool'))).toEqual([]);
    expect(await store().uploadSpooled(noSignal)).toEqual([]);
  });

  test('an upload that is cut off goes on where it ended', async () => {
    const first = journal();
    refuseRecords(1);
    for (const type of ['one', 'two', 'three']) await first.append({ type }, noSignal, true);
    await store().append('run-1', 1, (await new LocalSpool(join(folder, 'spool')).records('run-1'))[0]!.text, noSignal);
    refuseRecords(2);
    await expect(store().uploadSpooled(noSignal)).rejects.toThrow('access denied');
    expect(await readdir(join(folder, 'spool', 'run-1'))).toHaveLength(3);
    await expect(store().uploadSpooled(noSignal)).rejects.toThrow('access denied');
    expect(await store().uploadSpooled(noSignal)).toEqual([{ runId: 'run-1', records: 3 }]);
    expect(brokenChain(await store().read('run-1', noSignal))).toBeUndefined();
  });
});
