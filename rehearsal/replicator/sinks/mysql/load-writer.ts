import type { Readable } from 'node:stream';
import type { Connection as Session } from 'mysql2/promise';
import { quoteTable } from '../../mysql/quoting';
import { FatalTaskError } from '../../task-errors';
import type { Route } from '../../table-mappings/route';
import type { ControlTables } from './control-tables';
import { copyRows } from './copy-rows';
import type { Planner } from './planner';
import { Script, StatementError } from './script';
import type { TargetTable } from './target-table';

/** Characters of one INSERT. */
const insertCharacters = 128 * 1024;

/**
 * Loads a table by INSERTs of many rows in one transaction that holds the task's run, so that what a killed process left
 * under way cannot land behind its successor's back.
 */
export async function loadTable(
  session: Session,
  control: ControlTables,
  planner: Planner,
  into: { table: TargetTable; route: Route },
  columns: string[],
  rows: Readable,
): Promise<number> {
  const { table, route } = into;
  const script = await Script.on(session);
  const head = planner.insertInto(table, route, columns);
  let count = 0;
  await session.query('BEGIN');
  try {
    if (!(await control.holdsShared(session)))
      throw new FatalTaskError('another run of this task has taken over its load');
    let tuples: string[] = [];
    let size = 0;
    const write = async (): Promise<void> => {
      if (tuples.length > 0) await script.run([head + tuples.join(',')]);
      [tuples, size] = [[], 0];
    };
    for await (const some of copyRows(rows)) {
      for (const values of some) {
        const tuple = planner.values(table, route, columns, values);
        tuples.push(tuple);
        size += tuple.length;
        count++;
        if (size > insertCharacters) await write();
      }
    }
    await write();
    await session.query('COMMIT');
    return count;
  } catch (error) {
    rows.destroy();
    await session.query('ROLLBACK').catch(() => undefined);
    throw error instanceof StatementError ? error.cause : error;
  }
}

/** TRUNCATE needs the privilege to drop and refuses tables that others refer to; DELETE does neither. */
export async function emptyTables(session: Session, routes: Route[]): Promise<void> {
  for (const route of routes) await session.query(`DELETE FROM ${quoteTable(route.target)}`);
}
