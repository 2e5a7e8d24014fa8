import type { MysqlSide } from '../../../../runbooks/adapters/mysql/mysql-side';
import { settingFaults } from '../../../../runbooks/adapters/mysql/setting-faults';

const faultsOf = (variables: Readonly<Record<string, string>>) => {
  const rows = async (_sql: string, [names]: readonly (readonly string[])[]) =>
    Object.entries(variables)
      .filter(([name]) => names?.includes(name))
      .map(([name, value]) => ({ Variable_name: name, Value: value }));
  return settingFaults({ reading: { rows } } as unknown as MysqlSide, new AbortController().signal);
};

describe('settings of a server of MySQL that no other has', () => {
  test.each([
    ['binlog_order_commits', 'OFF', 'ON'],
    ['binlog_row_value_options', 'PARTIAL_JSON', 'empty'],
    ['binlog_transaction_compression', 'ON', 'OFF'],
  ])('%s must not be %s', async (setting, value, needed) => {
    expect(await faultsOf({ [setting]: value })).toEqual([{ setting, value, needed }]);
    expect(await faultsOf({ [setting]: needed === 'empty' ? '' : needed })).toEqual([]);
  });
});
