import { messageOf } from '../../runbooks/procedure/journal';
import { boundariesOf, nameOf, worldsOf, type Boundary, type CrashCase, type Mover } from './boundary';
import { CrashWorld, type CrashPlace } from './crash-world';

export interface CrashReport {
  readonly boundaries: readonly Boundary[];
  readonly tried: number;
  /** What was not as promised, each with the case it belongs to. */
  readonly wrong: readonly string[];
}

/** Goes there and back once, and derives every boundary of both ways from what was seen. */
async function recorded(world: CrashWorld): Promise<Boundary[]> {
  const boundaries: Boundary[] = [];
  for (const verb of ['switch', 'roll-back'] as const)
    boundaries.push(...boundariesOf(verb, (await world.succeed(verb)).events));
  return boundaries;
}

/** Takes case after case that fits where the world stands; where none fits, the way goes on without a death. */
async function tryAll(world: CrashWorld, cases: readonly CrashCase[], say: (line: string) => void): Promise<string[]> {
  const wrong: string[] = [];
  const left: Record<Mover, CrashCase[]> = {
    switch: cases.filter(({ boundary }) => boundary.verb === 'switch'),
    'roll-back': cases.filter(({ boundary }) => boundary.verb === 'roll-back'),
  };
  while (left.switch.length + left['roll-back'].length > 0) {
    const mover = await world.nextMover();
    const next = left[mover].shift();
    if (next === undefined) {
      await world.succeed(mover);
      continue;
    }
    const began = Date.now();
    const found = await world.survive(next).catch((error: unknown) => {
      throw new Error(`${nameOf(next)}: ${messageOf(error)}`, { cause: error });
    });
    say(`${found.length === 0 ? 'held ' : 'WRONG'} ${((Date.now() - began) / 1000).toFixed(1)} s  ${nameOf(next)}`);
    for (const each of found) say(`      ${each}`);
    wrong.push(...found.map((each) => `${nameOf(next)}: ${each}`));
  }
  return wrong;
}

/**
 * Kills operators, or servers, on real engines at the chosen boundaries and recovers each time.
 * @param options.casesPerWorld after so many the judge looks and a fresh world begins
 */
export async function runMatrix(options: {
  place: CrashPlace;
  choose: (boundaries: readonly Boundary[]) => readonly CrashCase[];
  casesPerWorld: number;
  say: (line: string) => void;
}): Promise<CrashReport> {
  const { place, choose, casesPerWorld, say } = options;
  let world = await CrashWorld.start(place);
  const wrong: string[] = [];
  try {
    const boundaries = await recorded(world);
    const cases = choose(boundaries);
    say(`${boundaries.length} boundaries, ${cases.length} cases`);
    for (const [index, chosen] of worldsOf(cases, casesPerWorld).entries()) {
      if (index === 0 && chosen.fresh) await world.close();
      if (index > 0 || chosen.fresh) world = await CrashWorld.start(place);
      try {
        wrong.push(...(await tryAll(world, chosen.cases, say)));
      } catch (error) {
        // The world is not where it should be: what follows would only say so again.
        wrong.push(messageOf(error));
        say(`WRONG ${wrong.at(-1) ?? ''}`);
      }
      const judged = await world.judged();
      say(judged.length === 0 ? 'the judge: all invariants hold' : `the judge: ${judged.join('\n')}`);
      wrong.push(...judged);
      await world.close();
    }
    return { boundaries, tried: cases.length, wrong };
  } finally {
    await world.close();
  }
}
