import type { Database } from '../../ports/database';
import type { World } from '../../ports/world';
import { no, safety, yes, type Gate } from '../gate';

/** Nothing is under way on a side that a fence would have to cut or could not see. */
export const sessionGates = (world: World, database: Database): Gate[] => {
  const limit = world.manifest.gates.maxOpenTransactionSeconds;
  return [
    safety(`No old transaction is open on the ${database.side}`, async (signal) => {
      const old = await database.sessions.openTransactions(limit, signal);
      if (old.length === 0) return yes();
      const oldest = old.reduce((a, b) => (a.ageSeconds > b.ageSeconds ? a : b));
      return no({
        code: 'old-transaction',
        text: `${oldest.account} has had a transaction open on the ${database.side} for ${Math.round(oldest.ageSeconds)} s, ${limit} s are allowed`,
        value: Math.round(oldest.ageSeconds),
        limit,
        unit: 's',
        setting: 'gates.maxOpenTransactionSeconds',
        next: 'end that transaction, or wait for it',
      });
    }),
    safety(`No prepared transaction waits on the ${database.side}`, async (signal) => {
      const prepared = await database.sessions.preparedTransactions(signal);
      if (prepared.length === 0) return yes();
      return no({
        code: 'prepared-transaction',
        text: `prepared transactions wait on the ${database.side}: ${prepared.join(', ')}`,
        value: prepared.length,
        limit: 0,
        next: `COMMIT PREPARED or ROLLBACK PREPARED '${prepared[0]}'`,
      });
    }),
    safety(`No DDL is under way on the ${database.side}`, async (signal) => {
      const ddl = await database.sessions.ddlUnderWay(signal);
      if (ddl.length === 0) return yes();
      return no({
        code: 'ddl-under-way',
        text: ddl.map((each) => `${each.account} changes ${each.table} on the ${database.side}`).join(', '),
        value: ddl.length,
        limit: 0,
        next: 'wait until the change has ended; schema changes stay out of the rollback window',
      });
    }),
    safety(`Only declared accounts can log in to the ${database.side}`, async (signal) => {
      const undeclared = await database.fitness.undeclaredAccounts(signal);
      if (undeclared.length === 0) return yes();
      return no({
        code: 'undeclared-account',
        text: `${undeclared.join(', ')} can log in to the ${database.side} but stand${undeclared.length === 1 ? 's' : ''} neither among the application’s accounts nor among the allowed ones`,
        value: undeclared.join(', '),
        setting: 'accounts',
        next: 'declare each under accounts.write, accounts.read or accounts.allowed and deploy, or take LOGIN from it',
      });
    }),
    safety(`The accounts of the ${database.side} are what they are declared to be`, async (signal) => {
      const faults = await database.fitness.accountFaults(signal);
      const missing = (await database.gate.read(signal)).missingAccounts;
      const all = [
        ...faults.map((each) => `${each.account} ${each.fault}`),
        ...missing.map((each) => `${each} does not exist`),
      ];
      if (all.length === 0) return yes();
      return no({
        code: 'account-fault',
        text: `on the ${database.side}: ${all.join('; ')}`,
        value: all.length,
        limit: 0,
        setting: 'accounts',
      });
    }),
    safety(`The runbook’s account may do its work on the ${database.side}`, async (signal) => {
      const missing = await database.fitness.missingPrivileges(signal);
      if (missing.length === 0) return yes();
      return no({
        code: 'missing-privilege',
        text: `on the ${database.side} the runbook’s account lacks: ${missing.map((each) => each.privilege).join(', ')}`,
        value: missing.length,
        limit: 0,
        next: missing.map((each) => each.grant).join('; '),
      });
    }),
  ];
};

/** What would act a second time where replication applies. */
export const triggerGate = (database: Database): Gate =>
  safety(`No trigger fires while replication applies to the ${database.side}`, async (signal) => {
    const firing = await database.fitness.firingTriggers(signal);
    if (firing.length === 0) return yes();
    return no({
      code: 'firing-trigger',
      text: `these fire for replicated rows too: ${firing.join(', ')}`,
      value: firing.length,
      limit: 0,
      next: 'ALTER TABLE … ENABLE TRIGGER … (neither ALWAYS nor REPLICA)',
    });
  });
