import type { WriteGate, WriteGateReading } from '../../ports/write-gate';
import { outsiderSessions, outsiderValues, readAccounts, startingBackends, writeAccounts } from './accounts';
import { rehearseFence } from './canary';
import { fence, fencedAccounts } from './fence';
import { whyNotClosed, whyNotFenced } from './fence-proof';
import { effectOn } from '../database/side';
import type { PostgresSide } from './postgres-side';
import { proveWrite } from './write-proof';

const pollMilliseconds = 20;

export function writeGate(side: PostgresSide): WriteGate {
  const { reading } = side;
  const recorded = (signal: AbortSignal) => fencedAccounts(side, signal);
  const sessions = (signal: AbortSignal) => reading.rows(outsiderSessions, outsiderValues(side), signal);

  return {
    read: async (signal): Promise<WriteGateReading> => {
      const declared = [...writeAccounts(side), ...readAccounts(side)];
      const roles = await reading.rows(
        'SELECT rolname AS account, rolcanlogin::text AS open FROM pg_roles WHERE rolname = ANY ($1::text[])',
        [declared],
        signal,
      );
      const open = new Map(roles.map((row) => [row['account'] as string, row['open'] === 'true']));
      return {
        unlockedAccounts: writeAccounts(side).filter((name) => open.get(name)),
        fencedAccounts: await recorded(signal),
        missingAccounts: declared.filter((name) => !open.has(name)),
      };
    },

    fence: ({ adoptsLocked } = { adoptsLocked: false }) => fence(side, adoptsLocked),

    endSessions: () =>
      effectOn(side, 'end-sessions', {
        touches: `sessions of every account outside the allow-list on the ${side.title}`,
        act: async (effects, signal) => {
          // Whoever was logging in when the fence was committed either shows up as a session or is gone.
          const first = await reading.rows(startingBackends, [], signal);
          let starting = first.map((row) => row['backend']);
          for (;;) {
            const ended = await effects.transaction(signal, (statement) =>
              statement(`SELECT pg_terminate_backend(s.pid::int) FROM (${outsiderSessions}) s`, outsiderValues(side)),
            );
            const still = new Set((await reading.rows(startingBackends, [], signal)).map((row) => row['backend']));
            const left = starting.length;
            starting = starting.filter((backend) => still.has(backend));
            if (ended.length === 0 && left === 0) return;
            await side.clock.sleep(pollMilliseconds, signal);
          }
        },
        verify: async (signal) => (await sessions(signal)).length === 0,
      }),

    open: () =>
      effectOn(side, 'open', {
        touches: `login of the accounts that the fence locked on the ${side.title}`,
        precheck: async (signal) => (await recorded(signal)).length === 0,
        act: (effects, signal) =>
          effects.transaction(signal, async (statement) => {
            const fenced = await statement(
              `SELECT quote_ident(r.rolname) AS quoted FROM cutover_local.fenced_account f
                 JOIN pg_roles r ON r.rolname = f.account WHERE NOT r.rolcanlogin ORDER BY f.account`,
            );
            for (const row of fenced) await statement(`ALTER ROLE ${row['quoted'] as string} LOGIN`);
            await statement('DELETE FROM cutover_local.fenced_account');
          }),
        verify: async (signal) => (await recorded(signal)).length === 0,
      }),

    whyNotFenced: (signal) => whyNotFenced(side, signal),
    whyNotClosed: (signal) => whyNotClosed(side, signal),
    rehearseFence: () => rehearseFence(side),
    proveWrite: (address) => proveWrite(side, address),
  };
}
