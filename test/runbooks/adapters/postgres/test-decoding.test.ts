import { parseChange } from '../../../../runbooks/adapters/postgres/test-decoding';

const rows = (line: string) => parseChange(line)?.tuples.map((tuple) => Object.fromEntries(tuple));

test('names, types and values of any kind are told apart', () => {
  const line =
    `table public."Odd ""T": INSERT: id[integer]:1 "k:e[y"[text]:'it''s ''quoted'' [x]:y' b[bit]:B'101' ` +
    `ts[timestamp with time zone]:'2026-11-21 03:16:09.231885+00' arr[text[]]:'{a,"b c"}' "n n"[numeric]:1.50 ` +
    `bl[boolean]:true nul[text]:null empty[text]:'' big[text]:unchanged-toast-datum own["odd ] type"]:'x'`;
  expect(parseChange(line)).toMatchObject({ quotedTable: 'public."Odd ""T"', action: 'INSERT' });
  expect(rows(line)).toEqual([
    {
      id: '1',
      'k:e[y': "it's 'quoted' [x]:y",
      b: '101',
      ts: '2026-11-21 03:16:09.231885+00',
      arr: '{a,"b c"}',
      'n n': '1.50',
      bl: 'true',
      nul: undefined,
      empty: '',
      big: undefined,
      own: 'x',
    },
  ]);
});

test('an update brings the old key only where it changed', () => {
  expect(rows(`table a.t: UPDATE: id[integer]:1 v[text]:'new-tuple: x'`)).toEqual([{ id: '1', v: 'new-tuple: x' }]);
  expect(rows(`table a.t: UPDATE: old-key: id[integer]:1 new-tuple: id[integer]:2 v[text]:null`)).toEqual([
    { id: '1' },
    { id: '2', v: undefined },
  ]);
});

test('what holds no row says so', () => {
  expect(rows('table a.t: DELETE: (no-tuple-data)')).toEqual([]);
  expect(parseChange('table a.t: TRUNCATE: (no-flags)')).toEqual({
    quotedTable: 'a.t',
    action: 'TRUNCATE',
    tuples: [],
  });
  expect(parseChange('BEGIN 792')).toBeUndefined();
});

test('what is not understood is an error without the values of the line', () => {
  for (const line of [`table a.t: INSERT: id[integer`, `table a.t: INSERT: v[text]:'secret`, `table a.t: MERGE: id`]) {
    expect(() => parseChange(line)).toThrow(/test_decoding wrote/);
    expect(() => parseChange(line)).not.toThrow(/secret/);
  }
});
