import { administered } from './adopted-engine';
import { clearMysql } from './clear-mysql';
import { clearPostgres } from './clear-postgres';
import { readNotes } from './notes';
import type { StagingDatabase, StagingPair } from './staging-pair';

/** Both sides of {@link clearSide}, the other also when one fails. @throws AggregateError that says what stays */
export async function clearAway(pair: StagingPair, slots: readonly string[]): Promise<string[]> {
  const sides = ['source', 'target'] as const;
  const outcomes = await Promise.allSettled(sides.map((side) => clearSide(pair[side], slots)));
  const failures = outcomes.flatMap((outcome, at) =>
    outcome.status === 'rejected' ? [`${pair[sides[at] ?? 'source'].title}: ${(outcome.reason as Error).message}`] : [],
  );
  if (failures.length > 0)
    throw new AggregateError(
      failures,
      `not everything of the rehearsal could be taken away; the next rehearsal of these databases tries again. ${failures.join('; ')}`,
    );
  return outcomes.flatMap((outcome, at) =>
    outcome.status === 'fulfilled' && outcome.value.length > 0
      ? [`taken away from the ${sides[at]}: ${outcome.value.join('; ')}`]
      : [],
  );
}

/** Takes away what the notes of a rehearsal on that server say; without notes it has made nothing there. */
async function clearSide(database: StagingDatabase, slots: readonly string[]): Promise<string[]> {
  const session = await administered(database);
  try {
    const notes = await readNotes(session);
    if (notes === undefined) return [];
    return await (database.family === 'mysql' ? clearMysql(session, notes) : clearPostgres(session, notes, slots));
  } finally {
    await session.close();
  }
}
