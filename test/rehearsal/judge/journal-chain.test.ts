import { createHash } from 'node:crypto';
import { chainViolations, type JournalObject } from '../../../rehearsal/judge/journal-chain';
import { leaks } from '../../../rehearsal/judge/secrets';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function journal(length: number, runId = 'run-1'): JournalObject[] {
  let previous = '0'.repeat(64);
  return Array.from({ length }, (_, at) => {
    const body = JSON.stringify({ schema: 1, runId, number: at + 1, previous, type: 'note', note: `n${at}` });
    previous = sha256(body);
    return { key: `journal/rehearsal/billing/${runId}/${String(at + 1).padStart(8, '0')}.json`, body };
  });
}

const headOf = (objects: JournalObject[], records = objects.length) => ({
  side: 'source',
  runId: 'run-1',
  records,
  head: sha256(objects[records - 1]?.body ?? ''),
});

test('a sound chain verifies, several runs side by side, also when a side remembers one record less', () => {
  const objects = journal(5);
  const heads = [headOf(objects), headOf(objects, 4)];
  expect(chainViolations([...journal(3, 'run-2'), ...objects.reverse()], heads)).toEqual([]);
});

test.each<[string, (objects: JournalObject[]) => JournalObject[]]>([
  [
    'edited',
    (objects) => objects.map((each, at) => (at === 1 ? { ...each, body: each.body.replace('n1', 'nX') } : each)),
  ],
  ['removed from the middle', (objects) => objects.filter((_, at) => at !== 2)],
  ['removed from the end', (objects) => objects.slice(0, 4)],
  ['exchanged', (objects) => [...objects.slice(0, 2), { ...objects[2]!, body: objects[3]!.body }, ...objects.slice(3)]],
  ['torn', (objects) => objects.map((each, at) => (at === 4 ? { ...each, body: each.body.slice(0, 20) } : each))],
])('a record that was %s is found', (_, tamper) => {
  const objects = journal(5);
  expect(chainViolations(tamper(objects), [headOf(objects)])).not.toEqual([]);
});

test('a secret is found plainly and in its usual encodings, and named by its place only', () => {
  const secret = 'pä"ss/w+rd';
  const forms = [
    secret,
    JSON.stringify({ secret }),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ];
  for (const text of forms) {
    const found = leaks([{ name: 'output', text: `before ${text} after` }], ['other-one', secret]);
    expect(found).toEqual(['planted secret 2 of 2 stands in output']);
  }
  expect(leaks([{ name: 'output', text: 'harmless' }], [secret])).toEqual([]);
});
