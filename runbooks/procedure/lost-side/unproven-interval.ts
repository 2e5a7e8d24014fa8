import type { Arrival } from '../../ports/arrivals';
import type { World } from '../../ports/world';
import { directionFrom, otherSide } from '../situation';

/** What the lost side committed in it is not proven to be on the other one. */
export interface UnprovenInterval {
  readonly fromMilliseconds: number;
  /** When the side was found not to answer: it may have stopped before. */
  readonly untilMilliseconds: number;
  /** What has proven everything before. */
  readonly provenBy: Arrival['by'] | 'nothing';
}

const toSecond = (milliseconds: number) => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');

/** As it is shown and typed: ISO 8601, whole seconds that hold all of it. */
export const intervalText = ({
  fromMilliseconds,
  untilMilliseconds,
}: Pick<UnprovenInterval, 'fromMilliseconds' | 'untilMilliseconds'>): string =>
  `${toSecond(fromMilliseconds)}/${toSecond(untilMilliseconds + 999)}`;

/** In one sentence, for the plan, the question and the journal. */
export function lossText(lost: string, interval: UnprovenInterval): string {
  const seconds = Math.max(0, Math.ceil((interval.untilMilliseconds - interval.fromMilliseconds) / 1000));
  const proof =
    interval.provenBy === 'nothing'
      ? 'nothing has ever arrived from it'
      : `before that, all has arrived: proven by a ${interval.provenBy}`;
  return `what the ${lost} committed in ${intervalText(interval)} (${seconds} s) may be lost (${proof}; at the end of it the ${lost} did not answer)`;
}

/** From the last moment that the surviving side can prove to now. Grows smaller while replication still brings something. */
export async function unprovenInterval(world: World, signal: AbortSignal): Promise<UnprovenInterval> {
  const lost = world.lost;
  if (!lost) throw new Error('both sides answer: nothing is unproven');
  const survivor = world.sides[otherSide(lost.side)];
  const newest = await survivor.arrivals.newest(directionFrom(lost.side), signal);
  const untilMilliseconds = world.clock.nowMilliseconds();
  return {
    fromMilliseconds: Math.min(newest?.atMilliseconds ?? 0, untilMilliseconds),
    untilMilliseconds,
    provenBy: newest?.by ?? 'nothing',
  };
}

/** An interval that was shown is good for so long: what comes later wants to be looked at again. */
const goodForMilliseconds = 3_600_000;

/** The interval that was typed, when it is the one that is unproven; undefined when it is another or none. */
export function typedInterval(typed: string, found: UnprovenInterval): UnprovenInterval | undefined {
  const [from, until, ...rest] = typed.trim().split('/');
  if (rest.length > 0 || from !== toSecond(found.fromMilliseconds)) return undefined;
  const untilMilliseconds = Date.parse(until ?? '');
  const age = found.untilMilliseconds - untilMilliseconds;
  if (!(age >= -1000 && age <= goodForMilliseconds) || untilMilliseconds < found.fromMilliseconds - 1000)
    return undefined;
  return { ...found, untilMilliseconds };
}
