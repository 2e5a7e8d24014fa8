import { transactionsOf } from '../../../../runbooks/adapters/mysql/engine-status';

const report = (...transactions: string[]): string =>
  [
    'TRANSACTIONS',
    '------------',
    'Trx id counter 1568',
    'LIST OF TRANSACTIONS FOR EACH SESSION:',
    '---TRANSACTION 375300840562616, not started',
    '0 lock struct(s), heap size 1128, 0 row lock(s)',
    ...transactions,
    '--------',
    'FILE I/O',
    '--------',
    '',
  ].join('\n');

const session = (id: number) => `MySQL thread id ${id}, OS thread handle 139715664770752, query id 14 127.0.0.1 root`;

describe('the transactions in a report of the engine', () => {
  test('have their session, their age, and whether they have written', () => {
    const writer = `---TRANSACTION 1563, ACTIVE 3 sec updating or deleting
mysql tables in use 1, locked 1
1 lock struct(s), heap size 1128, 0 row lock(s), undo log entries 1
${session(12)} User sleep
update x set v = 1`;
    const locker = `---TRANSACTION 1564, ACTIVE 75 sec
2 lock struct(s), heap size 1128, 1 row lock(s)
${session(13)}`;
    const prepared = `---TRANSACTION 1566, ACTIVE (PREPARED) 4 sec
1 lock struct(s), heap size 1128, 0 row lock(s), undo log entries 12`;
    expect(transactionsOf(report(writer, locker, prepared))).toEqual([
      { id: '1563', processId: '12', ageSeconds: 3, hasWritten: true },
      { id: '1564', processId: '13', ageSeconds: 75, hasWritten: false },
      { id: '1566', processId: undefined, ageSeconds: 4, hasWritten: true },
    ]);
  });

  test('are none in a report without any', () => {
    expect(transactionsOf(report())).toEqual([]);
  });

  test('are not hidden, nor changed, by what stands in a statement', () => {
    const hostile = `---TRANSACTION 1563, ACTIVE 3 sec
0 lock struct(s), heap size 1128
${session(12)}
select '--------
FILE I/O
---TRANSACTION 9, not started
, undo log entries 7
MySQL thread id 1,'`;
    const after = `---TRANSACTION 1570, ACTIVE 1 sec\n1 lock struct(s), undo log entries 1\n${session(15)}`;
    expect(transactionsOf(report(hostile, after))).toEqual([
      { id: '1563', processId: '12', ageSeconds: 3, hasWritten: false },
      { id: '1570', processId: '15', ageSeconds: 1, hasWritten: true },
    ]);
  });

  test('are unknown where the list was cut, or is not there', () => {
    expect(transactionsOf(report('... truncated...'))).toBeUndefined();
    expect(transactionsOf('')).toBeUndefined();
  });
});
