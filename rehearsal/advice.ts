import { z } from 'zod';
import { administer } from './engines/any-engine';
import { changesEngine } from './scenarios/scenario';
import type { RehearsalWorld } from './world';

/** Why `cutover check` refuses a target: its remedy is generated SQL, a constraint a line, or triggers whole. */
const advised = z.looseObject({
  reason: z.looseObject({ code: z.enum(['reverse-fitness', 'conversion-trigger-missing']), next: z.string() }),
});

/**
 * Before the clients come: what a team does once with the triggers and constraints that `cutover check` generates for its
 * target. A team that moves within one engine has none. @returns what was done, in words; a statement that fails is left to
 * the check
 */
export async function followAdvice({ scenario, engines, place, operator }: RehearsalWorld): Promise<string[]> {
  if (!changesEngine(scenario)) return [];
  const { events } = await operator.run('check');
  const advice = events.flatMap((event) => advised.safeParse(event).data?.reason ?? []);
  const remedies = (of: string) => advice.filter(({ code }) => code === of).map(({ next }) => next);
  // A gate may be asked at several places of what comes next.
  const triggers = [...new Set(remedies('conversion-trigger-missing'))];
  const constraints = [...new Set(remedies('reverse-fitness').flatMap((text) => text.split('\n')))];
  if (triggers.length + constraints.length === 0) return [];
  const failed: string[] = [];
  const administrator = await administer(engines.target, place.databases.target.database);
  const run = async (statements: readonly string[]): Promise<number> => {
    const before = failed.length;
    for (const statement of statements)
      await administrator.query(statement).catch((error: Error) => failed.push(`${error.message}: ${statement}`));
    return statements.length - (failed.length - before);
  };
  try {
    const kept = (await run(triggers)) > 0;
    const refused = await run(constraints);
    return [
      ...(kept ? ['the target gets the triggers that check generates: they keep its converted columns'] : []),
      ...(constraints.length > 0
        ? [`the target gets ${refused} constraints that check generates: nothing is written that could not go back`]
        : []),
      ...failed,
    ];
  } finally {
    await administrator.close();
  }
}
