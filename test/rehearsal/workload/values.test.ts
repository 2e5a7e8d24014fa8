import type { Column } from '../../../rehearsal/workload/catalogue';
import { Random } from '../../../rehearsal/workload/random';
import { movedByDays, renewed } from '../../../rehearsal/workload/uniqueness';
import { freshValue } from '../../../rehearsal/workload/values';

const column = (more: Partial<Column>): Column => ({
  name: 'c', type: 'text', base: 'text', element: null, labels: null, maxLength: null, precision: null, scale: null,
  notNull: true, computed: false, keyMaker: null, restricted: false, ...more,
}); // prettier-ignore
const random = () => new Random(5);

test('the same seed gives the same values', () => {
  const values = (seed: number) =>
    Array.from(
      { length: 20 },
      (
        (chance) => () =>
          freshValue(column({ base: 'jsonb' }), chance)
      )(new Random(seed)),
    );
  expect(values(5)).toEqual(values(5));
  expect(values(5)).not.toEqual(values(6));
});

test('numerics keep their precision and scale, texts their length in characters', () => {
  const chance = random();
  for (let tries = 0; tries < 200; tries++) {
    expect(freshValue(column({ base: 'numeric', precision: 5, scale: 2 }), chance)).toMatch(/^\d{1,3}\.\d{2}$/);
    expect([...(freshValue(column({ base: 'varchar', maxLength: 7 }), chance) ?? '')].length).toBeLessThanOrEqual(7);
  }
});

test('a type that is not known gives no value, an enum one of its labels', () => {
  expect(freshValue(column({ base: 'polygon' }), random())).toBeUndefined();
  expect(['calm', 'cross']).toContain(freshValue(column({ base: 'mood', labels: ['calm', 'cross'] }), random()));
});

test('a text that must be unique keeps its shape, or only its letters, or is made longer', () => {
  const known = 'INV-2024-00000017';
  expect(renewed(column({}), known, 'digits', random())).toMatch(/^INV-\d{4}-\d{8}$/);
  expect(renewed(column({}), known, 'shape', random())).toMatch(/^[A-Z]{3}-\d{4}-\d{8}$/);
  expect(renewed(column({}), known, 'suffix', random())).toMatch(/^INV-2024-00000017[0-9a-f]{10}$/);
  expect(renewed(column({ maxLength: 12, base: 'varchar' }), known, 'suffix', random())).toHaveLength(12);
  expect(renewed(column({}), 'no digits', 'digits', random())).toBeUndefined();
});

test.each([
  ['2024-02-28', 1, '2024-02-29'],
  ['2024-12-31 23:59:59.999999+00', 1, '2025-01-01 23:59:59.999999+00'],
  ['["2024-01-01 00:00:00+00","2024-01-31 00:00:00+00")', 31, '["2024-02-01 00:00:00+00","2024-03-02 00:00:00+00")'],
  ['infinity', 5, 'infinity'],
  ['0044-03-15 BC', 5, '0044-03-15 BC'],
])('%s moved by %d days is %s', (known, days, moved) => {
  expect(movedByDays(known, days)).toBe(moved);
});
