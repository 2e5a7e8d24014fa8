import { brokenChain, Journal, recordHash } from '../../../runbooks/procedure/journal';
import { FakeClock, MemoryJournal } from './fakes';

const never = new AbortController().signal;
const journalOn = (store: MemoryJournal) =>
  new Journal({ store, clock: new FakeClock(), runId: 'run-1', actor: 'ada@host' });

async function threeRecords(): Promise<string[]> {
  const store = new MemoryJournal();
  const journal = journalOn(store);
  await Promise.all(['a', 'b', 'c'].map((type) => journal.append({ type }, never)));
  return store.stored;
}

describe('the journal', () => {
  it('chains its records, also those appended at once', async () => {
    const records = await threeRecords();
    expect(records).toHaveLength(3);
    expect(brokenChain(records)).toBeUndefined();
  });

  it.each([
    [
      'a changed record',
      (records: string[]) => [records[0] ?? '', (records[1] ?? '').replace('"b"', '"x"'), records[2] ?? ''],
    ],
    ['a missing record', (records: string[]) => [records[0] ?? '', records[2] ?? '']],
    ['exchanged records', (records: string[]) => [records[1] ?? '', records[0] ?? '', records[2] ?? '']],
  ])('shows %s', async (_title, doctor) => {
    expect(brokenChain(doctor(await threeRecords()))).toBeDefined();
  });

  it('shows a cut tail by the head kept elsewhere', async () => {
    const records = await threeRecords();
    const head = { records: 3, head: recordHash(records[2] ?? '') };
    expect(brokenChain(records, head)).toBeUndefined();
    expect(brokenChain(records.slice(0, 2), head)).toContain('tail is cut');
  });

  it('refuses to go forward when it cannot be written', async () => {
    const store = new MemoryJournal();
    store.reachable = false;
    await expect(journalOn(store).append({ type: 'a' }, never)).rejects.toThrow('journal cannot be written');
  });

  it('spools for an undo, and keeps spooling so that the chain has no gap', async () => {
    const store = new MemoryJournal();
    const journal = journalOn(store);
    await journal.append({ type: 'a' }, never);
    store.reachable = false;
    await journal.append({ type: 'b' }, never, true);
    store.reachable = true;
    await journal.append({ type: 'c' }, never, true);
    expect(store.stored).toHaveLength(1);
    expect(brokenChain([...store.stored, ...store.spooled])).toBeUndefined();
  });

  it('repeats a record whose answer was lost, so that nothing else takes its number', async () => {
    const store = new MemoryJournal();
    const journal = journalOn(store);
    const append = store.append.bind(store);
    store.append = async (runId, number, text) => {
      await append(runId, number, text);
      throw new Error('the answer was lost');
    };
    await expect(journal.append({ type: 'a' }, never)).rejects.toThrow('answer was lost');
    store.append = async (runId, number, text) => {
      if (store.stored[number - 1] !== text) await append(runId, number, text);
    };
    await journal.append({ type: 'b' }, never);
    expect(store.entries().map(({ type }) => type)).toEqual(['a', 'b']);
    expect(brokenChain(store.stored)).toBeUndefined();
  });
});
