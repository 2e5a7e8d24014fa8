import type { ApplicationSession } from '../application/engine/application-session';
import { apply } from '../application/execute';
import type { NeutralTable } from '../application/model/neutral-table';
import { reasonOf } from '../application/reason';
import type { RequestedOperation } from '../application/transaction';
import { type Draft, insertDrafts } from '../workload/draft';
import { OwnRows } from '../workload/own-rows';
import type { Random } from '../workload/random';
import type { TryRow } from '../workload/trial';
import { requestOfDrafts } from './request-of-drafts';

/**
 * Tries rows on both sides, in transactions that are rolled back: a row that replication could not bring to the other
 * side is refused as one that the application's own rules forbid. On the target, which may be empty, no reference is
 * looked up. Sequences advance by what was tried.
 */
export function tryRowsOnBoth(
  source: ApplicationSession,
  target: ApplicationSession,
  tables: NeutralTable[],
  random: Random,
): TryRow {
  const byId = new Map(tables.map((table) => [table.id, table]));
  return async (model, models) => {
    const drafts: Draft[] = insertDrafts(model, new OwnRows(), models, random);
    const inserts = requestOfDrafts(drafts, random);
    for (const session of [source, target]) {
      const refusal = await attempt(session, byId, inserts);
      if (refusal !== undefined) return refusal;
    }
    model.updatable = false;
    if (model.consumed || model.changeable.length === 0) return undefined;
    const last = drafts[drafts.length - 1] as Extract<Draft, { kind: 'insert' }>;
    // Its values come from any pattern; the row that is changed is the one just inserted.
    const update = requestOfDrafts([{ kind: 'update', row: last }], random);
    for (const session of [source, target]) {
      if ((await attempt(session, byId, [...inserts, ...update])) !== undefined) return undefined;
    }
    model.updatable = true;
    return undefined;
  };
}

async function attempt(
  session: ApplicationSession,
  tables: ReadonlyMap<string, NeutralTable>,
  operations: RequestedOperation[],
): Promise<string | undefined> {
  await session.begin();
  try {
    await apply(session, tables, operations);
    return undefined;
  } catch (error) {
    if (session.broken) throw error;
    return `${(error as Error).message} (${reasonOf(error)})`;
  } finally {
    if (!session.broken) await session.rollback();
  }
}
