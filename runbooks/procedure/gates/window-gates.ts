import { no, safety, yes, type Gate } from '../gate';
import type { SwitchRun } from '../migration-run';

/** After a switch: the window has passed, and the side that is let go is closed and empty of clients. */
export const settledGates = ({ world, from, to, notes }: SwitchRun): Gate[] => [
  safety('The rollback window has passed', async (signal) => {
    const window = world.manifest.timing.rollbackWindowSeconds;
    const openedAt = notes.openedAtMilliseconds;
    if (openedAt === undefined)
      return no({ code: 'window-unknown', text: 'no switch stands on record', next: 'cutover status' });
    const passed = Math.floor(((await from.flow.engineClockMilliseconds(signal)) - openedAt) / 1000);
    if (passed >= window) return yes(`${passed} s since the switch`);
    return no({
      code: 'window-not-passed',
      text: `${passed} s have passed since the switch, the window is ${window} s`,
      value: passed,
      limit: window,
      unit: 's',
      setting: 'timing.rollbackWindowSeconds',
      next: `wait until ${new Date(openedAt + window * 1000).toISOString()}, then cutover finalize`,
    });
  }),
  safety(`The ${to.side} is fenced and no client is left there`, async (signal) => {
    const { unlockedAccounts } = await to.gate.read(signal);
    const declared = new Set(world.manifest.accounts.write.map((account) => account.name));
    const left = (await to.sessions.census(signal)).filter((group) => declared.has(group.account));
    if (unlockedAccounts.length === 0 && left.length === 0) return yes();
    return no({
      code: 'side-not-closed',
      text: `on the ${to.side}: ${[...unlockedAccounts.map((account) => `${account} can log in`), ...left.map((group) => `${group.count} sessions of ${group.account} from ${group.clientAddress}`)].join('; ')}`,
      next: 'cutover status',
    });
  }),
];
