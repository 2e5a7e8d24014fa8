import type { SequenceReading } from '../../../runbooks/ports/sequences';
import { pairSequences, waivesSequence, wantedValues } from '../../../runbooks/procedure/paired-sequences';

const sequence = (name: string, lastValue: string, feeds: string[] = [], increment = '1'): SequenceReading => ({
  name,
  feeds,
  lastValue,
  increment,
  maximum: '9223372036854775807',
});

test('columns that count by themselves and sequences are told to be the same by what they feed', () => {
  const mysql = [sequence('orders.customers.id', '41', ['orders.customers.id'], '2'), sequence('orders.tickets', '7')];
  const postgres = [
    sequence('orders.customers_id_seq', '12', ['orders.customers.id']),
    sequence('orders.tickets', '9'),
    sequence('orders.own', '3'),
  ];
  const there = pairSequences(mysql, postgres);
  expect(there.alone).toEqual([]);
  expect(wantedValues(there.pairs, 100n)).toEqual(
    new Map([
      ['orders.customers_id_seq', '241'],
      ['orders.tickets', '109'],
    ]),
  );
  const back = pairSequences(postgres, mysql);
  expect(back.alone.map(({ name }) => name)).toEqual(['orders.own']);
  expect([...wantedValues(back.pairs, 100n).keys()]).toEqual(['orders.customers.id', 'orders.tickets']);
});

test('one sequence that feeds several columns stands above all that count them on the other side, and back', () => {
  const shared = [sequence('s.shared', '5', ['s.a.id', 's.b.id'])];
  const two = [sequence('s.a.id', '30', ['s.a.id']), sequence('s.b.id', '20', ['s.b.id'])];
  expect(wantedValues(pairSequences(two, shared).pairs, 10n)).toEqual(new Map([['s.shared', '40']]));
  expect(wantedValues(pairSequences(shared, two).pairs, 10n)).toEqual(
    new Map([
      ['s.a.id', '40'],
      ['s.b.id', '30'],
    ]),
  );
});

test('a sequence of one side alone is waived with the tables that it feeds, all of them', () => {
  const waives = (table: string) =>
    waivesSequence({
      tables: {
        include: ['s.%'],
        exclude: [],
        waivers: [{ table, check: 'schema', reason: 'keys come from outside' }],
      },
    });
  const both = sequence('s.shared', '5', ['s.a.id', 's.b.id']);
  expect(waives('s.a')(both)).toBe(false);
  expect(waives('s.%')(both)).toBe(true);
  expect(waives('s.free')(sequence('s.free', '1'))).toBe(true);
});

test('headroom leaves a narrow column nearly all of its keys, whichever side it stands on, and none of the last', () => {
  const counting = (lastValue: string, maximum: string) => ({ ...sequence('s.a.id', lastValue), maximum });
  const wanted = (to: SequenceReading, from: SequenceReading) =>
    wantedValues([{ to, from: [from] }], 10_000n).get('s.a.id');
  expect(wanted(counting('7', '2147483647'), counting('1000', '9223372036854775807'))).toBe('11000');
  expect(wanted(counting('16', '2147483647'), counting('16', '255'))).toBe('18');
  expect(wanted(counting('18', '255'), counting('40', '2147483647'))).toBe('42');
  expect(wanted(counting('250', '255'), counting('250', '255'))).toBe('251');
});
