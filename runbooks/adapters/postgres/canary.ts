import { randomBytes } from 'node:crypto';
import { escapeIdentifier, escapeLiteral, type Client } from 'pg';
import type { Effect } from '../../ports/effect';
import { loginConfig } from './client-config';
import type { EffectConnection, Statement } from './effect-connection';
import { isRefusedByLock } from './login-probe';
import { openClient } from './open-client';
import { effectOn } from '../database/side';
import type { PostgresSide } from './postgres-side';
import { scramVerifier } from './scram-verifier';
import { messageOf } from './sql-error';

const pollMilliseconds = 20;
/** PostgreSQL cuts identifiers at 63 bytes. */
const canaryName = (migration: string) => `cutover_canary_${migration.replace(/[^A-Za-z0-9_]/g, '_')}`.slice(0, 63);

const sessionsOfCanary = `FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid WHERE r.rolname = $1`;

/** The whole fence on a role of our own, which is created and dropped: what fails here would fail in the pause. */
export function rehearseFence(side: PostgresSide): Effect {
  const name = canaryName(side.migration);
  const role = escapeIdentifier(name);
  const exists = async (signal: AbortSignal) =>
    (await side.reading.rows('SELECT FROM pg_roles WHERE rolname = $1', [name], signal)).length > 0;

  const endItsSessions = async (effects: EffectConnection, signal: AbortSignal) => {
    for (;;) {
      const ended = await effects.transaction(signal, (statement) =>
        statement(`SELECT pg_terminate_backend(a.pid) ${sessionsOfCanary}`, [name]),
      );
      if (ended.length === 0) return;
      await side.clock.sleep(pollMilliseconds, signal);
    }
  };
  const drop = async (effects: EffectConnection, signal: AbortSignal) => {
    if (!(await exists(signal))) return;
    await effects.transaction(signal, (statement) => statement(`ALTER ROLE ${role} NOLOGIN`));
    await endItsSessions(effects, signal);
    await effects.transaction(signal, async (statement) => {
      await grantConnect(statement, 'REVOKE', 'FROM', name);
      await statement(`DROP ROLE ${role}`);
    });
  };

  const tryFence = async (
    effects: EffectConnection,
    login: () => Promise<Client>,
    password: string,
    signal: AbortSignal,
  ) => {
    await effects.transaction(signal, async (statement) => {
      await statement(`CREATE ROLE ${role} LOGIN PASSWORD ${escapeLiteral(scramVerifier(password))}`);
      await grantConnect(statement, 'GRANT', 'TO', name);
    });
    const client = await login();
    try {
      await effects.transaction(signal, (statement) => statement(`ALTER ROLE ${role} NOLOGIN`));
      await endItsSessions(effects, signal);
    } finally {
      await client.end().catch(() => undefined);
    }
    const refusal = await login().then(
      (again) => again.end(),
      (error: unknown) => error,
    );
    signal.throwIfAborted();
    if (!isRefusedByLock(refusal))
      throw new Error(
        `a locked account was not refused on the ${side.title}: ${refusal ? messageOf(refusal) : 'the login was accepted'}`,
      );
  };

  return effectOn(side, 'rehearse-fence', {
    touches: `role ${name} on the ${side.title}: created, locked, its session ended, dropped`,
    act: async (effects, signal) => {
      // What a run that was killed here has left.
      await drop(effects, signal);
      const password = randomBytes(24).toString('base64url');
      const login = () => openClient(loginConfig(side.address, { username: name, password }, 'cutover-canary'), signal);
      try {
        await tryFence(effects, login, password, signal);
      } catch (error) {
        // With a signal of its own: an interruption must not leave the role behind. The first failure is what matters.
        await drop(effects, AbortSignal.timeout(10_000)).catch(() => undefined);
        throw error;
      }
      await drop(effects, signal);
    },
    verify: async (signal) => !(await exists(signal)),
  });
}

/** Where PUBLIC may not connect, the canary needs to be let in by name, like the application's accounts. */
async function grantConnect(statement: Statement, verb: 'GRANT' | 'REVOKE', word: 'TO' | 'FROM', name: string) {
  const [row] = await statement(
    `SELECT format('${verb} CONNECT ON DATABASE %I ${word} %I', current_database(), $1::text) AS sql
      WHERE has_database_privilege(current_user, current_database(), 'CONNECT WITH GRANT OPTION')`,
    [name],
  );
  if (row) await statement(row['sql'] as string);
}
