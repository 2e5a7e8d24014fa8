import type { WriteGate, WriteGateReading } from '../../ports/write-gate';
import { everyAccount, readAccounts, writeAccounts } from './accounts';
import { rehearseFence } from './canary';
import { endSession } from './end-session';
import { fence, fencedAccounts, open } from './fence';
import { whyNotClosed, whyNotFenced } from './fence-proof';
import { effectOn } from '../database/side';
import type { MysqlSide } from './mysql-side';
import { outsiderProcesses } from './processes';
import { proveWrite } from './write-proof';

const pollMilliseconds = 20;
/** A login that the lock refuses shows as a session until the server has told its client. */
const refusalLooks = 100;

export function writeGate(side: MysqlSide): WriteGate {
  return {
    read: async (signal): Promise<WriteGateReading> => {
      const accounts = await everyAccount(side, signal);
      const named = (name: string) => accounts.filter((account) => account.name === name);
      return {
        // One open host of a name lets the application in.
        unlockedAccounts: writeAccounts(side).filter((name) => named(name).some(({ isClosed }) => !isClosed)),
        fencedAccounts: await fencedAccounts(side, signal),
        missingAccounts: [...writeAccounts(side), ...readAccounts(side)].filter((name) => named(name).length === 0),
      };
    },

    fence: ({ adoptsLocked } = { adoptsLocked: false }) => fence(side, adoptsLocked),

    endSessions: () =>
      effectOn(side, 'end-sessions', {
        touches: `sessions of every account outside the allow-list on the ${side.title}`,
        act: async (effects, signal) => {
          // Whoever was logging in when the fence was set either shows up as a session or is gone.
          let starting = (await outsiderProcesses(side, signal)).starting;
          for (;;) {
            const { outsiders, starting: now } = await outsiderProcesses(side, signal);
            await effects.statements(signal, async (statement) => {
              for (const { id, command } of outsiders) if (command !== 'Killed') await endSession(statement, id);
            });
            const waited = starting.length;
            starting = starting.filter((id) => now.includes(id));
            if (outsiders.length === 0 && waited === 0) return;
            await side.clock.sleep(pollMilliseconds, signal);
          }
        },
        verify: (signal) => hasNoneThatStays(side, signal),
      }),

    open: () => open(side),
    whyNotFenced: (signal) => whyNotFenced(side, signal),
    whyNotClosed: (signal) => whyNotClosed(side, signal),
    rehearseFence: () => rehearseFence(side),
    proveWrite: (address) => proveWrite(side, address),
  };
}

/** Whether everyone who is seen is gone soon; who comes later meets the lock. */
async function hasNoneThatStays(side: MysqlSide, signal: AbortSignal): Promise<boolean> {
  const seen = async () => (await outsiderProcesses(side, signal)).outsiders.map(({ id }) => id);
  let staying = await seen();
  for (let look = 0; staying.length > 0 && look < refusalLooks; look += 1) {
    await side.clock.sleep(pollMilliseconds, signal);
    const now = new Set(await seen());
    staying = staying.filter((id) => now.has(id));
  }
  return staying.length === 0;
}
