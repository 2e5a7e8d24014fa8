import { no, safety, wouldCheck, yes, type Gate } from '../gate';
import type { SwitchRun } from '../migration-run';
import { lossText, unprovenInterval } from './unproven-interval';

/** A primary that answers is never passed over, however it answers. */
export const silenceGate = ({ world, from }: SwitchRun): Gate =>
  safety(`The ${from.side} does not answer`, async (signal) => {
    const { host, port } = world.manifest.databases[from.side];
    if (world.lost && !(await world.lost.answers(signal)))
      return yes(
        `${world.lost.why}; that its write gate is closed cannot be proven: stop the instance, or take the application out of its security group`,
      );
    return no({
      code: 'primary-answers',
      text: `the ${from.side} answers at ${host}:${port}: nothing has to be lost, so no loss is accepted`,
      value: `${host}:${port}`,
      next: 'cutover status',
    });
  });

/** Replication may still have brought something since the interval was shown; it never takes anything away. */
export const lossGate = ({ world, from, notes }: SwitchRun): Gate =>
  safety('No more is unproven than was accepted', async (signal) => {
    const found = await unprovenInterval(world, signal);
    const accepted = notes.acceptedLoss?.interval;
    if (!accepted) return wouldCheck(lossText(from.side, found));
    if (found.fromMilliseconds >= Math.floor(accepted.fromMilliseconds / 1000) * 1000)
      return yes(lossText(from.side, { ...found, untilMilliseconds: accepted.untilMilliseconds }));
    return no({
      code: 'loss-not-accepted',
      text: lossText(from.side, found),
      value: new Date(found.fromMilliseconds).toISOString(),
      limit: new Date(accepted.fromMilliseconds).toISOString(),
      next: `cutover ${world.lost?.side === 'source' ? 'switch' : 'roll-back'} --accept-loss`,
    });
  });

/** What a switch proves on both sides, and what nobody can prove now. */
export const unaskedGates = ({ from, to }: SwitchRun): Gate[] =>
  [
    `No old or prepared transaction is left on the ${from.side}`,
    `The ${from.side} is fenced: accounts locked, sessions ended, logins refused`,
    `Every change of the ${from.side} has reached the ${to.side}`,
    'Both sides hold the same rows',
    `The sequences of the ${to.side} stand above those of the ${from.side}`,
    `The way back to the ${from.side} is open`,
  ].map((title) =>
    safety(title, async () => ({
      answer: 'cannot check',
      detail: `cannot be checked: the ${from.side} does not answer`,
    })),
  );
