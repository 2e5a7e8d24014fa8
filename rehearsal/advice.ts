import { z } from 'zod';
import { administer } from './engines/any-engine';
import { changesEngine } from './scenarios/scenario';
import type { RehearsalWorld } from './world';

/** Why `cutover check` refuses a target that would take what the source cannot hold; its remedy is generated DDL. */
const advised = z.looseObject({ reason: z.looseObject({ code: z.literal('reverse-fitness'), next: z.string() }) });

/**
 * Before the clients come: what a team does once with the constraints that `cutover check` generates for its target. A team
 * that moves within one engine has none. @returns what was done, in words; a statement that fails is left to the check
 */
export async function followAdvice({ scenario, engines, place, operator }: RehearsalWorld): Promise<string[]> {
  if (!changesEngine(scenario)) return [];
  const { events } = await operator.run('check');
  const all = events.flatMap((event) => {
    const { success, data } = advised.safeParse(event);
    return success ? data.reason.next.split('\n') : [];
  });
  // A gate may be asked at several places of what comes next.
  const statements = [...new Set(all)];
  if (statements.length === 0) return [];
  const failed: string[] = [];
  const administrator = await administer(engines.target, place.databases.target.database);
  try {
    for (const statement of statements)
      await administrator.query(statement).catch((error: Error) => failed.push(`${error.message}: ${statement}`));
  } finally {
    await administrator.close();
  }
  return [
    `the target gets ${statements.length - failed.length} constraints that check generates: nothing is written that could not go back`,
    ...failed,
  ];
}
