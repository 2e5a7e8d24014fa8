import type { Line } from '../../rehearsal/processes/output-lines';

export type Mover = 'switch' | 'roll-back';
export type Recovery = 'resume' | 'abort';

/** One place where an operator can die: just before or just after one named effect. */
export interface Boundary {
  readonly verb: Mover;
  /** As the dying operator of the tests takes it: `EFFECT#OCCURRENCE:before`, or `:after`. */
  readonly place: string;
  /** True once the other side is primary for good. */
  readonly isDecided: boolean;
  /** False as long as the run has left nothing that a recovery would have to undo. */
  readonly isUnderWay: boolean;
  /** The load task is stopped once, by the first switch of a world: only there can an operator die at it. */
  readonly isOfFirstSwitch: boolean;
}

/** A boundary with the recovery that follows, and where that one dies too, if it does. */
export interface CrashCase {
  readonly boundary: Boundary;
  readonly recovery: Recovery;
  readonly secondDeath?: string;
}

/** Every boundary of a run that went through, derived from what it reported. */
export function boundariesOf(verb: Mover, events: readonly Line[]): Boundary[] {
  const names = events
    .filter((event) => event['type'] === 'effect' && event['phase'] === 'intent')
    .map((event) => String(event['name']));
  const decision = names.findIndex((name) => name.startsWith('decide-open-'));
  const begin = names.findIndex((name) => name.startsWith('state-'));
  // Once both sides say `steady` again, a recovery finds nothing left to do but what may wait.
  if (decision < 0 || begin < 0) throw new Error(`${verb} has not decided: ${names.join(', ')}`);
  const occurrences = new Map<string, number>();
  return names.flatMap((name, index) => {
    const occurrence = (occurrences.get(name) ?? 0) + 1;
    occurrences.set(name, occurrence);
    return (['before', 'after'] as const).map((moment): Boundary => {
      const isPast = (mark: number) => index > mark || (index === mark && moment === 'after');
      return {
        verb,
        place: `${name}#${occurrence}:${moment}`,
        isDecided: isPast(decision),
        isUnderWay: isPast(begin),
        isOfFirstSwitch: /^stop-task-.*-load$/.test(name),
      };
    });
  });
}

/** A small generator with a seed (mulberry32): the same seed gives the same sample. */
export function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const mostEffectsOfARecovery = 30;

/** Every boundary with each recovery; some recoveries, other ones with each seed, die as well. */
export function casesOf(boundaries: readonly Boundary[], seed: number, secondDeathEvery = 5): CrashCase[] {
  const chance = chances(seed);
  return boundaries.flatMap((boundary) =>
    (['resume', 'abort'] as const).map((recovery): CrashCase => {
      const diesToo = chance() * secondDeathEvery < 1;
      const at = 1 + Math.floor(chance() * mostEffectsOfARecovery);
      const moment = chance() < 0.5 ? 'before' : 'after';
      return { boundary, recovery, ...(diesToo ? { secondDeath: `*#${at}:${moment}` } : {}) };
    }),
  );
}

/** `count` of the cases, by seed; half of each verb, so that one world can go forward and back. */
export function sampleOf(cases: readonly CrashCase[], count: number, seed: number): CrashCase[] {
  const chance = chances(seed + 1);
  const shuffled = [...cases]
    .map((each) => ({ each, order: chance() }))
    .sort((one, other) => one.order - other.order)
    .map(({ each }) => each);
  const of = (verb: Mover) => shuffled.filter(({ boundary }) => boundary.verb === verb);
  const forward = of('switch').slice(0, Math.ceil(count / 2));
  const back = of('roll-back').slice(0, count - forward.length);
  // Alternating, so that a world comes to both.
  return forward
    .flatMap((each, index) => [each, ...(back[index] ? [back[index]] : [])])
    .concat(back.slice(forward.length));
}

/** What one world is given to try: at most one case that needs it fresh, and that one first. */
export function worldsOf(cases: readonly CrashCase[], casesPerWorld: number): { fresh: boolean; cases: CrashCase[] }[] {
  const worlds = cases
    .filter(({ boundary }) => boundary.isOfFirstSwitch)
    .map((each) => ({ fresh: true, cases: [each] }));
  const others = cases.filter(({ boundary }) => !boundary.isOfFirstSwitch);
  const rest: { fresh: boolean; cases: CrashCase[] }[] = [];
  for (const each of others) {
    const open = [...worlds, ...rest].find((world) => world.cases.length < casesPerWorld);
    if (open) open.cases.push(each);
    else rest.push({ fresh: false, cases: [each] });
  }
  // The first world is not fresh any more: the boundaries were recorded in it.
  return [...rest, ...worlds];
}

export const nameOf = ({ boundary, recovery, secondDeath }: CrashCase): string =>
  `${boundary.verb} killed at ${boundary.place}, ${recovery}${secondDeath ? ` killed at ${secondDeath}, resume` : ''}`;
