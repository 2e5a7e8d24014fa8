import type { Effect } from '../../ports/effect';
import { everyAccount, openOutsiders, outsiders, writeAccounts, type Account } from './accounts';
import { isRefused, lockAccount, openAccount, requireNeverIssued, unclosable } from './closing';
import type { Statement } from './effect-connection';
import { disableEvent, enabledEvents, enableEvent, eventOf, type ScheduledEvent } from './events';
import { whyCredentialsAreWrong } from './login-probe';
import { effectOn } from '../database/side';
import type { MysqlSide } from './mysql-side';

/** Accounts that the next opening lets in, as `'name'@'host'`. */
export async function fencedAccounts(side: MysqlSide, signal: AbortSignal): Promise<string[]> {
  const sql = 'SELECT account FROM cutover_local.fenced_account ORDER BY account';
  return (await side.reading.rowsIfMade(sql, [], signal)).map((row) => row['account'] as string);
}

/** Events that the fence has disabled, and the next opening enables. */
export async function fencedEvents(side: MysqlSide, signal: AbortSignal): Promise<ScheduledEvent[]> {
  const sql = 'SELECT * FROM cutover_local.fenced_event ORDER BY 1, 2';
  return (await side.reading.rowsIfMade(sql, [], signal)).map(eventOf);
}

async function record(
  statement: Statement,
  epoch: number,
  accounts: readonly Account[],
  events: readonly ScheduledEvent[],
) {
  for (const { text } of accounts)
    await statement(
      `INSERT INTO cutover_local.fenced_account (account, epoch) VALUES (?, ?)
         ON DUPLICATE KEY UPDATE epoch = VALUES(epoch), fenced_at = SYSDATE(6)`,
      [text, epoch],
    );
  for (const { schema, name, definer, sqlMode, charset, collation } of events)
    await statement(
      `INSERT INTO cutover_local.fenced_event (event_schema, event_name, definer, sql_mode, client_charset,
         client_collation, epoch) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE epoch = VALUES(epoch), fenced_at = SYSDATE(6)`,
      [schema, name, definer, sqlMode, charset, collation, epoch],
    );
}

/**
 * Statements about accounts commit each for itself. So what is to be closed is recorded and committed first: whatever a
 * crash leaves closed is known, and opening what was never closed does no harm.
 */
export function fence(side: MysqlSide, adoptsLocked: boolean): Effect {
  const isFenced = async (signal: AbortSignal) => {
    if ((await openOutsiders(side, signal)).length > 0) return false;
    if ((await enabledEvents(side, signal)).length > 0) return false;
    if (!adoptsLocked) return true;
    const recorded = await fencedAccounts(side, signal);
    const declared = declaredOutsiders(side, await everyAccount(side, signal));
    return declared.every(({ text }) => recorded.includes(text));
  };
  return effectOn(side, 'fence', {
    touches: `login of every account outside the allow-list, and every enabled event, on the ${side.title}`,
    precheck: isFenced,
    act: async (effects, signal) => {
      // The proof needs them; better to miss one now than under the fence.
      await Promise.all(side.manifest.accounts.write.map(({ secretId }) => side.secrets.of(secretId)));
      const accounts = await everyAccount(side, signal);
      const open = outsiders(side, accounts).filter(({ isClosed }) => !isClosed);
      const adopted = adoptsLocked ? declaredOutsiders(side, accounts).filter(({ isClosed }) => isClosed) : [];
      const events = await enabledEvents(side, signal);
      await effects.transaction(signal, (statement) =>
        record(statement, effects.adoptedEpoch, [...open, ...adopted], events),
      );
      const close = closing(side, signal);
      await effects.statements(signal, async (statement) => {
        // First: what is refused here is refused before anybody is kept out.
        for (const event of events) await disableEvent(statement, event);
        for (const account of open) await close(statement, account);
      });
    },
    verify: isFenced,
  });
}

const declaredOutsiders = (side: MysqlSide, accounts: readonly Account[]): Account[] => {
  const declared = new Set(writeAccounts(side));
  return outsiders(side, accounts).filter(({ name }) => declared.has(name));
};

/**
 * By the lock, or else by a requirement that nobody meets. The refusal of the second looks like that of a wrong password,
 * so the declared credentials are proven to be right before it.
 */
function closing(side: MysqlSide, signal: AbortSignal) {
  const proven = new Set<string>();
  return async (statement: Statement, account: Account): Promise<void> => {
    let refusal: unknown;
    try {
      await lockAccount(statement, account);
      return;
    } catch (error) {
      if (!isRefused(error)) throw error;
      refusal = error;
    }
    const declared = side.manifest.accounts.write.find(({ name }) => name === account.name);
    if (declared && !proven.has(account.name)) {
      const why = await whyCredentialsAreWrong(side, declared, signal);
      if (why) throw new Error(`${account.text} takes no lock, and its closing could not be proven: ${why.text}`);
      proven.add(account.name);
    }
    try {
      await requireNeverIssued(statement, account, side.nonces.next());
    } catch (second) {
      throw unclosable(account, refusal, second);
    }
  };
}

/** Lets in exactly the accounts that the fence recorded, and starts its events again. */
export function open(side: MysqlSide): Effect {
  const isOpen = async (signal: AbortSignal) =>
    (await fencedAccounts(side, signal)).length === 0 && (await fencedEvents(side, signal)).length === 0;
  return effectOn(side, 'open', {
    touches: `login of the accounts that the fence closed, and the events that it disabled, on the ${side.title}`,
    precheck: isOpen,
    act: async (effects, signal) => {
      const accounts = new Map((await everyAccount(side, signal)).map((account) => [account.text, account]));
      const events = await fencedEvents(side, signal);
      await effects.statements(signal, async (statement) => {
        const fenced = await statement(
          'SELECT account, requirement FROM cutover_local.fenced_account ORDER BY account',
        );
        for (const row of fenced) {
          const account = accounts.get(row['account'] as string);
          if (account) await openAccount(statement, account, row['requirement'] ?? null);
        }
        for (const event of events) await enableEvent(statement, event);
      });
      // Only now: whoever comes after a crash opens the rest.
      await effects.transaction(signal, async (statement) => {
        await statement('DELETE FROM cutover_local.fenced_account');
        await statement('DELETE FROM cutover_local.fenced_event');
      });
    },
    verify: isOpen,
  });
}
