import { conversionTriggers } from '../../definition/replication/conversion-triggers';
import type { Manifest } from '../../definition/manifest/sections';
import { conversionGate } from '../../runbooks/conversion-gate';
import type { World } from '../../runbooks/ports/world';
import { startTwoEngines, type TwoEngines } from './verification/two-engines';

const signal = new AbortController().signal;
type Transformations = NonNullable<Manifest['tables']['transformations']>;
const convert = (forward: string): Transformations => [
  {
    ...{ kind: 'convert-column', table: 'public.visit', column: 'seconds', to: 'at' },
    ...{ forward, reverse: 'extract(epoch FROM $value)::int8' },
  },
];

let engines: TwoEngines;
let target: Awaited<ReturnType<TwoEngines['database']>>['target'];
beforeAll(async () => {
  engines = await startTwoEngines();
  const table = 'CREATE TABLE visit (id int PRIMARY KEY, seconds bigint, at timestamptz)';
  ({ target } = await engines.database('conversions', table));
});
afterAll(() => engines.close());

const answer = (transformations: Transformations) => {
  const world = { manifest: { tables: { transformations } }, sides: { target: { reader: target.reader } } };
  return conversionGate(world as unknown as World).ask(signal);
};

test('the trigger that is missing is named with the SQL that makes it, and passes once that has run', async () => {
  const [trigger] = conversionTriggers(convert('to_timestamp($value)'));
  expect(await answer(convert('to_timestamp($value)'))).toMatchObject({
    answer: 'no',
    reason: {
      code: 'conversion-trigger-missing',
      text: 'no trigger of the target keeps public.visit.at equal to seconds',
      next: trigger?.sql,
    },
  });
  await target.client.query(trigger?.sql ?? '');
  expect(await answer(convert('to_timestamp($value)'))).toMatchObject({ answer: 'yes' });
  // Another expression is another trigger.
  expect(await answer(convert('to_timestamp($value + 1)'))).toMatchObject({
    reason: { code: 'conversion-trigger-missing' },
  });
});

test.each([
  [
    "$value || ' s'",
    /visit.at cannot be converted from seconds: operator does not exist: timestamp with time zone = text/,
  ],
  ['from_seconds($value)', /function from_seconds\(bigint\) does not exist/],
  ['$value +', /syntax error/],
])('what the engine does not take is refused in its words: %s', async (expression, text) => {
  expect(await answer(convert(expression))).toMatchObject({
    answer: 'no',
    reason: { code: 'conversion-does-not-fit', text: expect.stringMatching(text) as string },
  });
});

test('a default of the converted column is refused: it would overrule the column of the source', async () => {
  await target.client.query('ALTER TABLE visit ALTER COLUMN at SET DEFAULT now()');
  expect(await answer(convert('to_timestamp($value)'))).toMatchObject({
    answer: 'no',
    reason: {
      code: 'conversion-does-not-fit',
      text: 'public.visit.at has a default or is generated: that would overrule seconds where it is not given',
    },
  });
  await target.client.query('ALTER TABLE visit ALTER COLUMN at DROP DEFAULT');
  expect(await answer(convert('to_timestamp($value)'))).toMatchObject({ answer: 'yes' });
});

test('nothing is asked where nothing is converted', async () => {
  expect(await answer([])).toMatchObject({ answer: 'yes' });
});
