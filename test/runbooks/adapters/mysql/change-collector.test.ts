import type { AnyBinlogEvent } from '@vlasky/zongji';
import { ChangeCollector } from '../../../../runbooks/adapters/mysql/change-collector';

const collector = () =>
  new ChangeCollector({
    keyColumns: new Map([['orders.customers', ['id']]]),
    columns: new Map(),
    cascades: [],
    migrated: ['orders.customers'],
  });
const event = (kind: string, more: object = {}) => ({ getTypeName: () => kind, ...more }) as unknown as AnyBinlogEvent;
const statement = (query: string) => event('Query', { query });
const wholeTablesAfter = (...events: AnyBinlogEvent[]) => {
  const collected = collector();
  for (const each of events) collected.take(each, {});
  return collected.changes().wholeTables;
};

describe('what is gathered from a binlog', () => {
  test.each([
    ['PartialUpdateRows', 'binlog_row_value_options'],
    ['TransactionPayload', 'binlog_transaction_compression'],
  ])('%s events hold rows that cannot be read: that is a failure, and names %s', (kind, setting) => {
    expect(() => collector().take(event(kind), {})).toThrow(setting);
  });

  test.each([
    'INSERT INTO a_view VALUES (1)',
    'SELECT `orders`.`a_function`()',
    'delete from guarded_by_a_trigger',
    'CALL a_procedure()',
    'SET STATEMENT lock_wait_timeout=5 FOR insert into a_view values (1)',
  ])('rows written as a statement may be those of any table: %s', (query) => {
    expect(wholeTablesAfter(statement(query))).toEqual(['orders.customers']);
  });

  test('whether a transaction without a GTID is visible is not told by the one before it', () => {
    const collected = collector();
    collected.take(event('Gtid', { gtid: 'a:1' }), {});
    expect(collected.lastGtid).toBe('a:1');
    collected.take(event('AnonymousGtid'), {});
    expect(collected.lastGtid).toBeUndefined();
  });

  test('SET changes no rows, but SET STATEMENT runs another statement', () => {
    expect(wholeTablesAfter(statement("SET PASSWORD FOR 'customers'@'%' = 'x'"))).toEqual([]);
    expect(wholeTablesAfter(statement('set  statement lock_wait_timeout=5 for truncate table customers'))).toEqual([
      'orders.customers',
    ]);
  });

  test('what nobody knows inside a transaction may have changed any table; between transactions it is of the log itself', () => {
    expect(wholeTablesAfter(event('AnonymousGtid'), event('Xid'), event('Unknown'))).toEqual([]);
    expect(wholeTablesAfter(event('MariadbGtid'), event('Unknown'), event('Xid'))).toEqual(['orders.customers']);
    expect(wholeTablesAfter(statement('BEGIN'), event('Unknown'), statement('COMMIT'))).toEqual(['orders.customers']);
    expect(wholeTablesAfter(statement('BEGIN'), statement('COMMIT'), event('Unknown'))).toEqual([]);
  });
});
