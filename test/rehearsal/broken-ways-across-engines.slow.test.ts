import { describeWhereMysqlIs } from '../mysql-server';
import { expectHarm } from './broken-engine-change';

describeWhereMysqlIs('a change of the engine that goes wrong', (mysqlServer) => {
  it('whose proof is skipped while rows differ fails and names I1', () =>
    expectHarm(
      {
        ...{ operator: 'proof-skipped', invariant: 'I1' },
        faults: [{ when: 'switch:fence', side: 'target', sql: 'UPDATE owners SET vip = NOT vip' }],
      },
      mysqlServer,
    ));

  // The records then lead away from the side that took the last write.
  it('whose records lead to a side that is not open fails and names I11', () =>
    expectHarm({ operator: 'routed-without-opening', invariant: 'I11', mayFollow: ['I6'] }, mysqlServer));
});
