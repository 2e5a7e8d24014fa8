import type { NeutralColumn, NeutralTable } from '../../../rehearsal/application/model/neutral-table';
import { fitsBoth } from '../../../rehearsal/application-workload/fits';
import { requestOfDrafts, settleDrafts } from '../../../rehearsal/application-workload/request-of-drafts';
import { patternsAmong } from '../../../rehearsal/application-workload/patterns';
import { shortOfKeys } from '../../../rehearsal/application-workload/short-of-keys';
import type { Draft, InsertDraft } from '../../../rehearsal/workload/draft';
import { Random } from '../../../rehearsal/workload/random';
import { buildModels, type TableModel } from '../../../rehearsal/workload/table-model';

const column = (name: string, more: Partial<NeutralColumn> = {}): NeutralColumn => ({
  name, kind: 'integer', on: { source: { name, type: 'int' }, target: { name, type: 'integer' } }, base: 'int8',
  type: 'integer', element: null, labels: null, maxLength: null, precision: null, scale: null, notNull: true,
  computed: false, keyMaker: null, restricted: false, ...more,
}); // prettier-ignore
const table = (id: string, columns: NeutralColumn[], more: Partial<NeutralTable> = {}): NeutralTable => ({
  id, on: { source: { schema: 's', table: id }, target: { schema: 's', table: id } }, sql: '', columns, key: ['id'],
  uniques: [], foreignKeys: [], hasAfterTriggers: false, writable: true, readable: true, ...more,
}); // prettier-ignore

const parents = table('s.parent', [column('id', { keyMaker: 'sequence' }), column('size')]);
const children = table('s.child', [column('id', { keyMaker: 'sequence' }), column('parent_id')], {
  foreignKeys: [{ columns: ['parent_id'], table: 's.parent', referenced: ['id'] }],
});

test('a row that refers to one of the same transaction names its operation, until the key is known', () => {
  const [parent, child] = buildModels([parents, children]) as [TableModel, TableModel];
  parent.templates = [{ id: '1', size: '5' }];
  child.templates = [{ id: '1', parent_id: '1' }];
  const above: InsertDraft = { kind: 'insert', model: parent, parents: [] };
  const below: InsertDraft = { kind: 'insert', model: child, parents: [[children.foreignKeys[0] as never, above]] };
  const drafts: Draft[] = [above, below, { kind: 'update', row: above }, { kind: 'delete', row: below }];
  const operations = requestOfDrafts(drafts, new Random(1));
  expect(operations).toMatchObject([
    { kind: 'insert', table: 's.parent', values: { size: expect.any(String) as string } },
    { kind: 'insert', table: 's.child', values: { parent_id: { operation: 0, column: 'id' } } },
    { kind: 'update', table: 's.parent', key: [{ operation: 0, column: 'id' }] },
    { kind: 'delete', table: 's.child', key: [{ operation: 1, column: 'id' }] },
  ]);
  settleDrafts(drafts, [
    { key: ['7'], row: { id: '7', size: '5' } },
    { key: ['9'], row: { id: '9', parent_id: '7' } },
    { key: ['7'], row: { id: '7', size: '6' } },
    { key: ['9'], row: null },
  ]);
  expect(above.result).toMatchObject({ key: ['7'], values: { id: '7' } });
  expect(below.result).toMatchObject({ key: ['9'], parents: [above.result] });
});

test('what one side alone holds is no pattern for new rows', () => {
  const of = (more: Partial<NeutralColumn>) => table('s.t', [column('c', more)]);
  const fits = (more: Partial<NeutralColumn>, c: string | null) => fitsBoth(of(more), { c });
  expect(fits({ kind: 'date' }, '0000-00-00')).toBe(false);
  expect(fits({ kind: 'timestamp' }, '2024-00-10 00:00:00')).toBe(false);
  expect(fits({ kind: 'timestamp' }, '2024-01-10 00:00:00')).toBe(true);
  expect(fits({ kind: 'label', labels: ['a'] }, '')).toBe(false);
  expect(fits({ kind: 'time' }, '25:00:00')).toBe(false);
  expect(fits({ kind: 'integer', range: ['0', '9'] }, '10')).toBe(false);
  expect(fits({ kind: 'text', maxLength: 2 }, '👩👩')).toBe(true);
  expect(fits({ kind: 'text', maxLength: 2 }, 'abc')).toBe(false);
  expect(fits({ notNull: true }, null)).toBe(false);
});

test('a table of few keys gets no rows that nobody refers to', () => {
  const counting = (id: string, range: [string, string]) => table(id, [column('id', { keyMaker: 'sequence', range })]);
  const models = buildModels([counting('s.tiny', ['0', '255']), counting('s.small', ['0', '65535'])]);
  const short = (highest: string) =>
    shortOfKeys(models, new Map([['s.small.id', highest]]), 200).map(([, last]) => last);
  expect(short('1000')).toEqual(['255']);
  expect(short('6000')).toEqual(['255', '65535']);
});

test('a table whose first row is too large, or holds what one side cannot, takes its patterns from the next', () => {
  const picture = column('picture', { kind: 'bytes', notNull: false });
  const born = column('born', { kind: 'date' });
  const people = table('s.people', [column('id'), picture, born, column('age', { computed: true })]);
  const person = (id: string, more: Partial<Record<string, string>> = {}) => ({
    ...{ id, picture: null, born: '2001-02-03', age: '20' },
    ...more,
  });
  const rows = [person('1', { picture: 'ab'.repeat(10_000) }), person('2', { born: '0000-00-00' }), person('3')];
  expect(patternsAmong(people, rows)).toEqual([{ id: '3', picture: null, born: '2001-02-03' }]);
});
