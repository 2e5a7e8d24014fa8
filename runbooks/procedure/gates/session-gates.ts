import type { Database } from '../../ports/database';
import type { World } from '../../ports/world';
import { wordsOf } from '../engine-words/words-of';
import { within } from '../deadline';
import { no, safety, yes, type Gate } from '../gate';

/** Nothing is under way on a side that a fence would have to cut or could not see. */
export const sessionGates = (world: World, database: Database): Gate[] => {
  const limit = world.manifest.gates.maxOpenTransactionSeconds;
  const words = wordsOf(world.manifest, database.side);
  return [
    // First: what cannot be seen would be answered for by others.
    safety(`The runbook’s account may do its work on the ${database.side}`, async (signal) => {
      const missing = await database.fitness.missingPrivileges(signal);
      if (missing.length === 0) return yes();
      return no({
        code: 'missing-privilege',
        text: `on the ${database.side} the runbook’s account lacks: ${missing.map((each) => each.privilege).join(', ')}`,
        value: missing.length,
        limit: 0,
        setting: 'accounts.runbook',
        next: missing.map((each) => each.grant).join('; '),
      });
    }),
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
        next: `${words.endSession(oldest.processId)} on the ${database.side}, or wait for its end`,
      });
    }),
    safety(`No prepared transaction waits on the ${database.side}`, async (signal) => {
      const prepared = await database.sessions.preparedTransactions(signal);
      if (prepared.length === 0) return yes();
      return no({
        code: 'prepared-transaction',
        text: `${prepared.length} prepared transactions wait on the ${database.side}, 0 are allowed: ${prepared.join(', ')}`,
        value: prepared.length,
        limit: 0,
        setting: 'max_prepared_transactions',
        next: `${words.finishPrepared(prepared[0] as string)}, on the ${database.side}`,
      });
    }),
    safety(`No DDL is under way on the ${database.side}`, async (signal) => {
      const ddl = await database.sessions.ddlUnderWay(signal);
      if (ddl.length === 0) return yes();
      return no({
        code: 'ddl-under-way',
        text: `${ddl.map((each) => `${each.account} changes ${each.table} on the ${database.side} (process ${each.processId})`).join(', ')}; schema changes stay out of a switch and of its rollback window`,
        value: ddl.length,
        limit: 0,
        setting: 'tables',
        next: `wait for its end, or ${words.cancel(ddl[0]?.processId as string)} on the ${database.side}`,
      });
    }),
    safety(`Only declared accounts are let in to the ${database.side}`, async (signal) => {
      const sessions = await database.fitness.undeclaredSessions(signal);
      const accounts = await database.fitness.undeclaredAccounts(signal);
      const undeclared = [...new Set([...accounts, ...sessions.map(({ account }) => account)])];
      if (undeclared.length === 0) return yes();
      const count = new Map(sessions.map((each) => [each.account, each.count]));
      const shown = undeclared.map((name) => `${name} (${count.get(name) ?? 0} sessions open)`).join(', ');
      return no({
        code: 'undeclared-account',
        text: `let in to the ${database.side}, but neither among the application’s accounts nor among the allowed ones: ${shown}`,
        value: undeclared.join(', '),
        setting: 'accounts',
        next: `declare ${undeclared[0]} under accounts.write, accounts.read or accounts.allowed and deploy, or ${words.lockAccount(undeclared[0] as string)} on the ${database.side} and end its sessions`,
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
        next: faults[0]
          ? `${faults[0].repair} on the ${database.side}`
          : `${words.createLockedAccount(missing[0] as string)} on the ${database.side}, with the grants of the other side`,
      });
    }),
  ];
};

/** A look takes moments; whoever was being refused just then is gone by the next. */
const closedWithinSeconds = 5;

/**
 * What stands behind a fence writes past it: an account let in by hand, or a session that was opened while it was and stayed
 * when it no longer is.
 */
export const closedGate = (world: World, database: Database): Gate =>
  safety(`Nobody is behind the fence of the ${database.side}`, async (signal) => {
    const { clock } = world;
    const what = `looking behind the fence of the ${database.side}`;
    const reason = await within(clock, closedWithinSeconds, what, signal, (inner) => database.gate.whyNotClosed(inner));
    return reason ? no(reason) : yes();
  });

/** What would act a second time where replication applies. */
export const triggerGate = (world: World, database: Database): Gate =>
  safety(`No trigger fires while replication applies to the ${database.side}`, async (signal) => {
    const firing = await database.fitness.firingTriggers(signal);
    if (firing.length === 0) return yes();
    return no({
      code: 'firing-trigger',
      text: `${firing.length} triggers or rules of the ${database.side} fire a second time, for replicated rows; 0 are allowed: ${firing.join(', ')}`,
      value: firing.length,
      limit: 0,
      setting: 'tables',
      next: firing
        .map((each) => `${wordsOf(world.manifest, database.side).silenceTrigger(each)}, on the ${database.side}`)
        .join('\n'),
    });
  });
