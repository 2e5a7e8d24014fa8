import { refusalLines } from '../../rehearsal/refusal';

const gate = (title: string, reason: Record<string, unknown>) => ({ type: 'gate', answer: 'no', title, reason });
const events = [
  { type: 'gate', answer: 'yes', title: 'Every table has a key' },
  gate('The target has the schema of the source', {
    text: 'view shop.open: source stands, target has none; index shop.item: source (a), target has none',
    next: 'CREATE INDEX a ON shop.item (a);\nSELECT 1;',
    waivable: { check: 'schema', tables: ['shop.open'] },
  }),
  gate('Nobody is at work', { text: 'somebody is' }),
];

test('a refusal is told finding by finding, with what to run and what could be accepted', () => {
  const text = refusalLines({ verb: 'check', exitCode: 3, events }).join('\n');
  expect(text).toContain(`NO  The target has the schema of the source
      view shop.open: source stands, target has none
      index shop.item: source (a), target has none
    what to do:
      CREATE INDEX a ON shop.item (a);
      SELECT 1;

NO  Nobody is at work
      somebody is
`);
  const offered = text.slice(text.indexOf('{"waivers"'));
  expect(JSON.parse(offered)).toEqual({
    waivers: [{ table: 'shop.open', check: 'schema', reason: expect.any(String) as string }],
  });
});

test('what ended otherwise is no refusal', () => {
  expect(refusalLines({ verb: 'check', exitCode: 0, events })).toEqual([]);
  expect(refusalLines({ verb: 'switch', exitCode: 3, events: [] })).toEqual([]);
});
