import type { Line } from '../../rehearsal/processes/output-lines';

export type Mover = 'switch' | 'roll-back';
export type Recovery = 'resume' | 'abort';
/** Who dies there: the operator's process, or the database server of a side. */
export type Mortal = 'operator' | 'source' | 'target';

/**
 * A server that has died at a boundary is back before the operator looks for it (`short`), or only when the operator has
 * ended (`long`). A number: so many milliseconds after the boundary it dies under the operator's hands, and is back soon.
 */
export type Absence = 'short' | 'long' | number;

/** One place where an operator can die: just before or just after one named effect. */
export interface Boundary {
  readonly verb: Mover;
  /** As the dying operator of the tests takes it: `EFFECT#OCCURRENCE:before`, `:statement-N` or `:after`. */
  readonly place: string;
  /** True once the other side is primary for good. */
  readonly isDecided: boolean;
  /** False as long as the run has left nothing that a recovery would have to undo. */
  readonly isUnderWay: boolean;
  /** The load task is stopped once, by the first switch of a world: only there can an operator die at it. */
  readonly isOfFirstSwitch: boolean;
}

/** A boundary with who dies there, the recovery that follows, and where that one dies too, if it does. */
export interface CrashCase {
  readonly boundary: Boundary;
  readonly dies: Mortal;
  readonly absence: Absence;
  readonly recovery: Recovery;
  readonly secondDeath?: string;
}

/** The effects of a run, each with how many statements it has committed one by one. */
function effectsOf(events: readonly Line[]): { name: string; statements: number }[] {
  const effects: { name: string; statements: number }[] = [];
  for (const { type, phase, name } of events) {
    if (type === 'effect' && phase === 'intent') effects.push({ name: String(name), statements: 0 });
    const last = effects.at(-1);
    // How many sessions there are to end is another number each time.
    if (type === 'statement' && last && !last.name.startsWith('end-sessions-')) last.statements += 1;
  }
  return effects;
}

/** Every boundary of a run that went through, derived from what it reported. */
export function boundariesOf(verb: Mover, events: readonly Line[]): Boundary[] {
  const effects = effectsOf(events);
  const names = effects.map(({ name }) => name);
  const decision = names.findIndex((name) => name.startsWith('decide-open-'));
  const begin = names.findIndex((name) => name.startsWith('state-'));
  // Once both sides say `steady` again, a recovery finds nothing left to do but what may wait.
  if (decision < 0 || begin < 0) throw new Error(`${verb} has not decided: ${names.join(', ')}`);
  const occurrences = new Map<string, number>();
  return effects.flatMap(({ name, statements }, index) => {
    const occurrence = (occurrences.get(name) ?? 0) + 1;
    occurrences.set(name, occurrence);
    // Before the first of them is where `before` is.
    const between = Array.from({ length: Math.max(statements - 1, 0) }, (_, at) => `statement-${at + 2}`);
    return ['before', ...between, 'after'].map((moment): Boundary => {
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
/** An effect takes no longer, as a rule. */
const mostMillisecondsLater = 100;

function absenceOf(dies: Mortal, chance: () => number): Absence {
  const [kind, later] = [chance(), chance()];
  if (dies === 'operator' || kind < 0.25) return 'short';
  return kind < 0.5 ? 'long' : Math.floor(later * mostMillisecondsLater);
}

/** Every boundary with each recovery; some recoveries, other ones with each seed, die as well. */
export function casesOf(
  boundaries: readonly Boundary[],
  seed: number,
  dies: Mortal = 'operator',
  secondDeathEvery = 5,
): CrashCase[] {
  const chance = chances(seed);
  return boundaries.flatMap((boundary) =>
    (['resume', 'abort'] as const).map((recovery): CrashCase => {
      const diesToo = chance() * secondDeathEvery < 1;
      const at = 1 + Math.floor(chance() * mostEffectsOfARecovery);
      const moment = chance() < 0.5 ? 'before' : 'after';
      const absence = absenceOf(dies, chance);
      return { boundary, dies, absence, recovery, ...(diesToo ? { secondDeath: `*#${at}:${moment}` } : {}) };
    }),
  );
}

/** Cases that were chosen by their places. @throws Error when a run came to no such place */
export function casesAt(
  boundaries: readonly Boundary[],
  chosen: readonly (Partial<CrashCase> & { readonly place: string; readonly recovery: Recovery })[],
): CrashCase[] {
  return chosen.map(({ place, ...rest }) => {
    const boundary = boundaries.find((each) => each.place === place);
    if (!boundary)
      throw new Error(`no run came to ${place}, but to ${boundaries.map((each) => each.place).join(', ')}`);
    return { dies: 'operator', absence: 'short', ...rest, boundary };
  });
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

const absences = { short: 'back at once', long: 'back after its end' } as const;

export function nameOf({ boundary, dies, absence, recovery, secondDeath }: CrashCase): string {
  const how = typeof absence === 'number' ? `${absence} ms later` : absences[absence];
  const death =
    dies === 'operator' ? `killed at ${boundary.place}` : `at ${boundary.place}, ${dies} server killed, ${how}`;
  return `${boundary.verb} ${death}, ${recovery}${secondDeath ? ` killed at ${secondDeath}, resume` : ''}`;
}
