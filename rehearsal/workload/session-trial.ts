import { changeOf, type Draft, insertDrafts, settle } from './draft';
import { OwnRows } from './own-rows';
import type { Random } from './random';
import { isRefusal, reasonOf, type Session } from './session';
import type { TableModel } from './table-model';
import type { TryRow } from './trial';

/** Tries rows in transactions of a session that are rolled back. Sequences advance by what was tried. */
export const tryRowsWith =
  (session: Session, random: Random): TryRow =>
  (model, models) =>
    tryOnce(session, model, models, random);

async function tryOnce(
  session: Session,
  model: TableModel,
  models: Map<string, TableModel>,
  random: Random,
): Promise<string | undefined> {
  await session.run('BEGIN');
  try {
    const drafts: Draft[] = insertDrafts(model, new OwnRows(), models, random);
    for (const draft of drafts) await execute(session, draft, random);
    await session.run('SET CONSTRAINTS ALL IMMEDIATE');
    await session.run('SAVEPOINT inserted');
    model.updatable =
      !model.consumed &&
      model.changeable.length > 0 &&
      (await canUpdate(session, drafts[drafts.length - 1] as Draft, random));
    return undefined;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return `${error.message} (${reasonOf(error)})`;
  } finally {
    if (!session.broken) await session.run('ROLLBACK');
  }
}

async function canUpdate(session: Session, inserted: Draft, random: Random): Promise<boolean> {
  if (inserted.kind !== 'insert') return false;
  try {
    await execute(session, { kind: 'update', row: inserted }, random);
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await session.run('ROLLBACK TO SAVEPOINT inserted');
    return false;
  }
}

async function execute(session: Session, draft: Draft, random: Random): Promise<void> {
  const change = changeOf(draft, random);
  const { rows } = await session.run(change.sql, change.values, change.name);
  settle(draft, change, rows[0] ?? []);
}
