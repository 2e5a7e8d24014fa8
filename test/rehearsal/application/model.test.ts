import { canonical } from '../../../rehearsal/application/canonical';
import { openApplicationSession } from '../../../rehearsal/application/engine/open-session';
import { execute } from '../../../rehearsal/application/execute';
import type { NeutralColumn } from '../../../rehearsal/application/model/neutral-table';
import { understood } from '../../../rehearsal/application/model/rules';
import { transactionRequest } from '../../../rehearsal/application/transaction';
import type { Side } from '../../../rehearsal/workload/configuration';
import { describeWithMysql } from '../../mysql-server';
import { shop } from './shop';
import { login, startTwoSides, type TwoSides } from './two-sides';

describeWithMysql('tables of two engines', (server) => {
  let sides: TwoSides;
  beforeAll(async () => void (sides = await startTwoSides(server(), shop)));
  afterAll(() => sides?.close());

  const table = (id: string) => sides.model.find((each) => each.id === id);
  const column = (id: string, name: string) => table(id)?.columns.find((each) => each.name === name) as NeutralColumn;
  const open = (side: Side) => {
    const { administrator, ...endpoint } = sides.databases[side];
    return openApplicationSession(endpoint, { side, account: administrator, applicationName: 'test' });
  };

  test('those of both sides are known by the source’s names, those of one are not', () => {
    const known = ['rehearsal_ledger.jobs', 'shop.customer', 'shop.greeting', 'shop.line'];
    expect(sides.model.map(({ id }) => id)).toEqual(known);
    expect(table('shop.line')).toMatchObject({
      on: { target: { schema: 'shop', table: 'entry_line' } },
      key: ['customer_id', 'number'],
      foreignKeys: [{ columns: ['customer_id'], table: 'shop.customer', referenced: ['id'] }],
    });
    expect(column('shop.line', 'old_name').on.target.name).toBe('name');
    expect(column('shop.line', 'twice').computed).toBe(true);
    expect(table('rehearsal_ledger.jobs')?.columns.map(({ name }) => name)).toEqual(['id', 'state', 'payload']);
    expect(table('shop.customer')?.uniques).toEqual(expect.arrayContaining([['email'], ['token']]));
  });

  test('those whose rows triggers write belong to no client', () => {
    expect(sides.model.filter(({ writable }) => !writable).map(({ id }) => id)).toEqual(['shop.greeting']);
  });

  test('limits are the narrower ones; what a rule that is not understood speaks of is restricted', () => {
    expect(column('shop.customer', 'id')).toMatchObject({
      keyMaker: 'sequence',
      range: ['0', '9223372036854775807'],
      restricted: false,
    });
    expect(column('shop.customer', 'email')).toMatchObject({ kind: 'text', maxLength: 40 });
    expect(column('shop.customer', 'balance')).toMatchObject({
      kind: 'decimal',
      precision: 10,
      scale: 3,
      restricted: true,
    });
    expect(column('shop.customer', 'grade')).toMatchObject({ range: ['1', '5'] });
    expect(column('shop.customer', 'tastes').labels).toEqual(['', 'sweet', 'sour', 'sweet,sour']);
    expect(column('shop.customer', 'seen')).toMatchObject({ fraction: 3, until2037: true });
    expect(column('shop.line', 'old_name')).toMatchObject({ ascii: true, maxLength: 25 });
    const kinds = table('shop.customer')?.columns.map(({ kind }) => kind);
    expect(kinds).toEqual([
      'integer', 'text', 'uuid', 'boolean', 'bits', 'label', 'label', 'decimal', 'float', 'float', 'json', 'bytes', 'integer',
      'timestamp', 'time', 'integer',
    ]); // prettier-ignore
  });

  test('the same transaction gives the same rows on both engines, and reads of the same values are equal', async () => {
    const tables = new Map(sides.model.map((each) => [each.id, each]));
    const customer = {
      email: 'zoë@example.com', token: '0f0e0d0c-0b0a-0908-0706-050403020100', active: 'true', flags: '0110', mood: 'cross',
      tastes: 'sour', balance: '0012.500', ratio: '1e-7', share: '16777217', profile: '{"z":1.0, "a":{"c":"é","b":[]}}',
      picture: '\\x00FF', grade: '2', seen: '2030-01-01 00:00:00.123456+00', wakes: '23:59:59.000000',
    }; // prettier-ignore
    const answers = [];
    for (const side of ['source', 'target'] as const) {
      const session = await open(side);
      const request = transactionRequest.parse({
        ...{ client: `test ${side}`, sequence: 1, note: '' },
        operations: [
          { kind: 'insert', table: 'shop.customer', values: customer },
          {
            kind: 'insert',
            table: 'shop.line',
            values: { customer_id: { operation: 0, column: 'id' }, number: '3', old_name: "O'Brien" },
          },
          {
            kind: 'update',
            table: 'shop.customer',
            key: [{ operation: 0, column: 'id' }],
            values: { mood: 'calm', share: '0.1' },
          },
          { kind: 'delete', table: 'shop.line', key: [{ operation: 0, column: 'id' }, '3'] },
        ],
      });
      const answer = await execute(session, tables, request);
      if (answer.outcome !== 'ok') throw new Error(JSON.stringify(answer));
      answers.push(answer.changes.map(({ row }) => row && { ...row, id: 'made', customer_id: 'made' }));
      session.close();
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.[2]).toMatchObject({
      token: '0f0e0d0c0b0a09080706050403020100', balance: '12.5', ratio: '1e-7', share: '0.10000000149011612',
      profile: '{"a":{"b":[],"c":"é"},"z":1}', picture: '00ff', seen: '2030-01-01 00:00:00.123', wakes: '23:59:59',
      flags: '0110', active: '1', changes: '1',
    }); // prettier-ignore
    expect(answers[0]?.[1]).toMatchObject({ twice: '6' });
  });

  test('what the schema refuses has no effect, and the refused operation is named', async () => {
    const tables = new Map(sides.model.map((each) => [each.id, each]));
    for (const side of ['source', 'target'] as const) {
      const session = await open(side);
      const jobs = { kind: 'insert', table: 'rehearsal_ledger.jobs', values: { state: 'kept', payload: side } };
      const orphan = { kind: 'insert', table: 'shop.line', values: { customer_id: '999', number: '1', old_name: 'x' } };
      const request = { client: 'test', sequence: 1, note: '', operations: [jobs, orphan] };
      const answer = await execute(session, tables, transactionRequest.parse(request));
      expect(answer).toMatchObject({ outcome: 'refused', operation: 1 });
      expect(session.broken).toBe(false);
      session.close();
      expect(await sides.sql(side, "SELECT 1 FROM rehearsal_ledger.jobs WHERE state = 'kept'")).toEqual([]);
    }
  });

  test('reading an account’s data needs that account’s password', async () => {
    const { administrator: _administrator, ...endpoint } = sides.databases.source;
    const account = { ...login('orders_app'), password: 'wrong' };
    await expect(
      openApplicationSession(endpoint, { side: 'source', account, applicationName: 'test' }),
    ).rejects.toMatchObject({ code: 'ER_ACCESS_DENIED_ERROR' });
  });
});

describe('rules and values', () => {
  test('comparisons with whole numbers are understood as both engines write them', () => {
    expect(understood("CHECK (((stock >= 0) AND (stock <= '16777215'::bigint)))", 'stock', false)).toEqual({
      from: 0n,
      to: 16777215n,
    });
    expect(understood('`stars` between 1 and 5', 'stars', false)).toEqual({ from: 1n, to: 5n });
    expect(understood('CHECK ((length((email)::text) < 255))', 'email', false)).toEqual({ maxLength: 254 });
    expect(understood('json_valid(`data`)', 'data', false)).toEqual({});
  });

  test('other rules are not', () => {
    for (const clause of [
      '`a` > `b`',
      "CHECK ((a ~~ '%@%'::text))",
      'CHECK ((a >= 0) OR (a < -5))',
      'CHECK (a IN (1, 2))',
    ])
      expect(understood(clause, 'a', false)).toBeUndefined();
  });

  test('a value has one form, whichever engine wrote it', () => {
    expect(canonical({ kind: 'json' }, '{"n": 1.50, "big": 12345678901234567890, "s": "1.50"}')).toBe(
      canonical({ kind: 'json' }, '{"s":"1.50","big":12345678901234567890,"n":1.5}'),
    );
    expect(canonical({ kind: 'json' }, '12345678901234567890')).toBe('12345678901234567890');
    expect(canonical({ kind: 'json' }, '"2\\"3"')).toBe('"2\\"3"');
    expect(canonical({ kind: 'decimal' }, '-0.000')).toBe('0');
    expect(canonical({ kind: 'decimal' }, '-007.10')).toBe('-7.1');
    expect(canonical({ kind: 'float', single: true }, '0.1')).toBe(
      canonical({ kind: 'float', single: true }, '0.10000000149'),
    );
    expect(canonical({ kind: 'text', padded: true }, 'a  ')).toBe('a');
    expect(canonical({ kind: 'text' }, 'a  ')).toBe('a  ');
    expect(canonical({ kind: 'timestamp', fraction: 6 }, '2024-01-01 00:00:00.500000+00')).toBe(
      '2024-01-01 00:00:00.5',
    );
    expect(canonical({ kind: 'boolean' }, 't')).toBe('1');
  });
});
