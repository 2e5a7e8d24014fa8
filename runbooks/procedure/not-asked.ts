import { UsageError } from '../ports/failures';
import type { Reason } from '../ports/reason';
import { InterruptedError } from './deadline';
import { messageOf } from './journal';
import { isStale } from './taken-over';

/** A gate whose question has failed: nothing is known of what it asks, and that is no yes. */
export interface NotAsked {
  readonly title: string;
  readonly reason: Reason;
}

/** True for what ends a run whatever it asks at that moment: an interruption, a takeover. */
export const endsTheRun = (error: unknown): boolean => error instanceof InterruptedError || isStale(error);

/** Why a gate says no that could not be asked. */
export const notAsked = (error: unknown): Reason => ({
  code: 'gate-not-asked',
  text: `could not be asked: ${messageOf(error)}`,
  ...(error instanceof UsageError && error.next !== undefined ? { next: error.next } : {}),
});

/** One cause fails many questions (a server that is gone): it is told once, with the gates that it concerns. */
export function causesOf(failed: readonly NotAsked[]): Reason[] {
  const byCause = new Map<string, { reason: Reason; titles: string[] }>();
  for (const { title, reason } of failed) {
    const same = byCause.get(reason.text) ?? { reason, titles: [] };
    same.titles.push(`“${title}”`);
    byCause.set(reason.text, same);
  }
  return [...byCause.values()].map(({ reason, titles }) => ({
    ...reason,
    text: `${titles.join(', ')} ${reason.text}`,
    value: titles.length,
    limit: 0,
    unit: 'gates',
  }));
}
