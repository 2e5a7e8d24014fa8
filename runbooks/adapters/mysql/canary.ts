import { randomBytes } from 'node:crypto';
import type { Effect } from '../../ports/effect';
import { everyAccount, type Account } from './accounts';
import { Client } from './client';
import { loginConfig } from './client-config';
import { isRefused, lockAccount, openAccount, requireNeverIssued, unclosable } from './closing';
import type { EffectConnection, Statement } from './effect-connection';
import { endSession } from './end-session';
import { isRefusedByLock } from './login-probe';
import { effectOn } from '../database/side';
import type { MysqlSide } from './mysql-side';
import { accountText } from './names';
import { everyProcess } from './processes';
import { messageOf, serverError } from './sql-error';

const pollMilliseconds = 20;
/** MySQL cuts names of accounts at 32 characters. */
const canaryName = (migration: string) => `cutover_canary_${migration.replace(/[^A-Za-z0-9_]/g, '_')}`.slice(0, 32);
const accessDenied = 1045;

/** The whole fence on an account of our own, which is created and dropped: what fails here would fail in the pause. */
export function rehearseFence(side: MysqlSide): Effect {
  const name = canaryName(side.migration);
  const canary = { name, host: '%', text: accountText(name, '%') };
  const find = async (signal: AbortSignal): Promise<Account | undefined> =>
    (await everyAccount(side, signal)).find((account) => account.name === name);
  const session = async (signal: AbortSignal) =>
    (await everyProcess(side, signal)).filter((process) => process.account === name);

  const endItsSessions = async (effects: EffectConnection, signal: AbortSignal) => {
    for (;;) {
      const found = await session(signal);
      if (found.length === 0) return;
      await effects.statements(signal, async (statement) => {
        for (const { id } of found) await endSession(statement, id);
      });
      await side.clock.sleep(pollMilliseconds, signal);
    }
  };
  const drop = async (effects: EffectConnection, signal: AbortSignal) => {
    if (!(await find(signal))) return;
    await effects.statements(signal, (statement) => statement(`DROP USER ${canary.text}`));
    await endItsSessions(effects, signal);
  };

  /** Only where the lock is refused: as the fence would. @returns whether the refusal of a login is the lock's own. */
  const close = async (statement: Statement): Promise<boolean> => {
    try {
      await lockAccount(statement, canary);
      return true;
    } catch (refusal) {
      if (!isRefused(refusal)) throw refusal;
      await requireNeverIssued(statement, canary, side.nonces.next()).catch((second: unknown) => {
        throw unclosable(canary, refusal, second);
      });
      return false;
    }
  };

  const tryFence = async (
    effects: EffectConnection,
    login: () => Promise<Client>,
    password: string,
    signal: AbortSignal,
  ) => {
    await effects.statements(signal, (statement) =>
      statement(`CREATE USER ${canary.text} IDENTIFIED BY ? REQUIRE SSL`, [password]),
    );
    const client = await login();
    let byLock = true;
    try {
      byLock = await effects.statements(signal, close);
      await endItsSessions(effects, signal);
    } finally {
      await client.end();
    }
    const refusal = await login().then(
      (again) => again.end(),
      (error: unknown) => error,
    );
    signal.throwIfAborted();
    if (!(isRefusedByLock(refusal) || (!byLock && serverError(refusal) === accessDenied)))
      throw new Error(
        `a closed account was not refused on the ${side.title}: ${refusal ? messageOf(refusal) : 'the login was accepted'}`,
      );
    const closed = await find(signal);
    if (!closed) throw new Error(`the account ${canary.text} is gone from the ${side.title}`);
    await effects.statements(signal, (statement) => openAccount(statement, closed, byLock ? null : 'SSL'));
    await (await login()).end();
  };

  return effectOn(side, 'rehearse-fence', {
    touches: `account ${canary.text} on the ${side.title}: created, locked, its session ended, unlocked, dropped`,
    act: async (effects, signal) => {
      // What a run that was killed here has left.
      await drop(effects, signal);
      // With a character of every kind, for servers that ask for them.
      const password = `${randomBytes(24).toString('base64url')}aA1!`;
      const login = () => {
        const config = loginConfig(side.address, { username: name, password }, 'cutover-canary');
        return Client.open({ ...config, database: undefined }, signal);
      };
      try {
        await tryFence(effects, login, password, signal);
      } catch (error) {
        // With a signal of its own: an interruption must not leave the account behind. The first failure is what matters.
        await drop(effects, AbortSignal.timeout(10_000)).catch(() => undefined);
        throw error;
      }
      await drop(effects, signal);
    },
    verify: async (signal) => (await find(signal)) === undefined,
  });
}
