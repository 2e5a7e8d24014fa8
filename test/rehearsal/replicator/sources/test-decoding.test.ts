import fc from 'fast-check';
import type { RowChange } from '../../../../rehearsal/replicator/row-change';
import { TestDecodingParser } from '../../../../rehearsal/replicator/sources/postgres/test-decoding';

const parse = (text: string) => new TestDecodingParser().parse(text);

describe('the text of test_decoding', () => {
  it('tells the begin and, in UTC milliseconds, the commit of a transaction', () => {
    expect(parse('BEGIN 771')).toEqual({ kind: 'begin' });
    expect(parse('COMMIT 771 (at 2026-03-01 10:00:00.123999+00)')).toEqual({
      kind: 'commit',
      committedAtMilliseconds: Date.UTC(2026, 2, 1, 10, 0, 0, 123),
    });
    expect(parse('COMMIT 771 (at 2026-03-01 10:00:00+00)')).toMatchObject({
      committedAtMilliseconds: Date.UTC(2026, 2, 1, 10),
    });
  });

  it('refuses a commit time in another zone, which it would misread', () => {
    expect(() => parse('COMMIT 771 (at 2026-03-01 10:00:00+02)')).toThrow('UTC');
  });

  it('reads every form of value', () => {
    const text = `table public.t: INSERT: id[bigint]:-7 n[numeric]:NaN f[double precision]:-Infinity b[boolean]:true bits[bit varying]:B'0110' t[text]:'it''s a "tab\there"\nand more' tags[integer[]]:'{1,2}' gone[text]:null big[text]:unchanged-toast-datum`;
    expect(parse(text)).toEqual({
      kind: 'insert',
      table: { schema: 'public', table: 't' },
      row: {
        names: ['id', 'n', 'f', 'b', 'bits', 't', 'tags', 'gone', 'big'],
        values: ['-7', 'NaN', '-Infinity', 'true', '0110', `it's a "tab\there"\nand more`, '{1,2}', null, undefined],
      },
    });
  });

  it('tells the text null from SQL NULL, and a value that looks like the syntax from the syntax', () => {
    const text = `table public.t: UPDATE: a[text]:'null' b[text]:'unchanged-toast-datum' c[text]:' new-tuple: x[text]:''1'''`;
    expect(parse(text)).toMatchObject({
      row: { values: ['null', 'unchanged-toast-datum', ` new-tuple: x[text]:'1'`] },
    });
  });

  it('reads quoted names, also with quotes, dots, brackets and colons inside', () => {
    const text = `table "My ""Schema""."."a: INSERT:": INSERT: "co]:l""x"["weird]: type"[]]:'{}' plain[public.mood]:'ok'`;
    expect(parse(text)).toMatchObject({
      table: { schema: 'My "Schema".', table: 'a: INSERT:' },
      row: { names: ['co]:l"x', 'plain'], values: ['{}', 'ok'] },
    });
  });

  it('parts the old key from the new row', () => {
    expect(parse(`table a.b: UPDATE: old-key: id[integer]:1 new-tuple: id[integer]:2 v[text]:'x'`)).toEqual({
      kind: 'update',
      table: { schema: 'a', table: 'b' },
      key: { names: ['id'], values: ['1'] },
      row: { names: ['id', 'v'], values: ['2', 'x'] },
    });
    expect(parse('table a.b: DELETE: id[integer]:1')).toMatchObject({ key: { names: ['id'], values: ['1'] } });
  });

  it('tells a delete without a key, and every table of a truncate', () => {
    expect(parse('table a.b: DELETE: (no-tuple-data)')).toEqual({ kind: 'delete', table: { schema: 'a', table: 'b' } });
    expect(parse('table a.b, a."c d": TRUNCATE: restart_seqs cascade')).toEqual({
      kind: 'truncate',
      tables: [
        { schema: 'a', table: 'b' },
        { schema: 'a', table: 'c d' },
      ],
    });
    expect(parse('table a.b: TRUNCATE: (no-flags)')).toMatchObject({ tables: [{ schema: 'a', table: 'b' }] });
  });

  it.each([
    'table a.b: INSERT: (no-tuple-data)',
    'table a.b: MERGE: id[integer]:1',
    `table a.b: INSERT: id[integer]:'open`,
    'table a.b: INSERT: id[integer',
    'table a.b: INSERT: id[integer]: v[text]:null',
    'message: transactional: 1 prefix: x, sz: 1 content:y',
  ])('refuses "%s" instead of guessing', (text) => {
    expect(() => parse(text)).toThrow(/not understood/);
  });

  it('follows a table whose columns change under way, and shares the names of rows that look alike', () => {
    const parser = new TestDecodingParser();
    const row = (text: string) => (parser.parse(text) as Extract<RowChange, { kind: 'insert' }>).row;
    const first = row('table a.b: INSERT: id[integer]:1 v[integer]:2');
    const second = row('table a.b: INSERT: id[integer]:3 v[integer]:4');
    expect(second.names).toBe(first.names);
    expect(row('table a.b: INSERT: id[integer]:5 v[integer]:6 w[text]:null').names).toEqual(['id', 'v', 'w']);
    expect(row(`table a.b: INSERT: id[integer]:5 w[text]:'x'`)).toEqual({ names: ['id', 'w'], values: ['5', 'x'] });
    expect(row('table a.b: INSERT: id[integer]:7')).toEqual({ names: ['id'], values: ['7'] });
    expect(first.names).toEqual(['id', 'v']);
  });

  it('gives back whatever text a row holds', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(`'`, '"', ' ', ']', ':', '\\', '\n', 'x') }),
    );
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
    const column = fc.record({ name, value: fc.option(value) });
    const parser = new TestDecodingParser();
    fc.assert(
      fc.property(fc.array(column, { minLength: 1, maxLength: 5 }), (columns) => {
        const quoted = columns.map((each) => {
          const text = each.value === null ? 'null' : `'${each.value.replaceAll(`'`, `''`)}'`;
          return ` "${each.name.replaceAll('"', '""')}"[text]:${text}`;
        });
        expect(parser.parse(`table public.t: INSERT:${quoted.join('')}`)).toMatchObject({
          row: { names: columns.map((each) => each.name), values: columns.map((each) => each.value) },
        });
      }),
    );
  });
});
