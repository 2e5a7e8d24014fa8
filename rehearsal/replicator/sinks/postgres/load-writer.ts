import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { quoteIdentifier, quoteTable } from '../../postgres/quoting';
import { FatalTaskError } from '../../task-errors';
import type { Route } from '../../table-mappings/route';
import type { Step } from './pipeline';

/**
 * Loads a table by COPY in one transaction that holds the task's run, so that what a killed process left under way
 * cannot land behind its successor's back. COPY keeps the values of identity columns.
 */
export async function loadTable(
  client: Client,
  hold: Step,
  route: Route,
  columns: string[],
  rows: Readable,
  adapting: Transform | undefined,
): Promise<number> {
  await client.query('BEGIN');
  try {
    await client.query(hold.statement.text, hold.values).catch((error: Error & { code?: string }) => {
      throw error.code === '22012' ? new FatalTaskError('another run of this task has taken over its load') : error;
    });
    const list = columns.map(quoteIdentifier).join(', ');
    const copy = client.query(copyFrom(`COPY ${quoteTable(route.target)} (${list}) FROM STDIN`));
    await (adapting ? pipeline(rows, adapting, copy) : pipeline(rows, copy));
    await client.query('COMMIT');
    return copy.rowCount;
  } catch (error) {
    rows.destroy();
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/**
 * Empties tables in one statement. TRUNCATE needs its own privilege and refuses tables that others refer to; then the
 * rows are deleted.
 */
export async function emptyTables(client: Client, routes: Route[]): Promise<void> {
  if (routes.length === 0) return;
  try {
    await client.query(`TRUNCATE ${routes.map((route) => quoteTable(route.target)).join(', ')}`);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== '42501' && code !== '0A000') throw error;
    for (const route of routes) await client.query(`DELETE FROM ${quoteTable(route.target)}`);
  }
}
