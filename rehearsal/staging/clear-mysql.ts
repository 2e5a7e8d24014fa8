import { escape, escapeId } from 'mysql2';
import type { Administrator } from '../engines/any-engine';
import { madeSchemas, notesSchema } from './made-names';
import { noted, type Note } from './notes';

/** Takes away from a MySQL or MariaDB server what a rehearsal made, and starts the events again that its fence stopped. Safe to repeat. */
export async function clearMysql(session: Administrator, notes: readonly Note[]): Promise<string[]> {
  const accounts = noted(notes, 'account');
  const said: string[] = [];
  await dropAccounts(session, accounts);
  if (accounts.length > 0) said.push(`accounts ${accounts.join(', ')}`);
  await enableEvents(session);
  for (const name of madeSchemas) await session.query(`DROP DATABASE IF EXISTS ${escapeId(name)}`);
  said.push(`databases ${madeSchemas.join(', ')}`);
  // Last: until here somebody else could go on with it.
  await session.query(`DROP DATABASE IF EXISTS ${escapeId(notesSchema)}`);
  return said;
}

async function dropAccounts(session: Administrator, accounts: readonly string[]): Promise<void> {
  const standing = new Set(
    (await session.query('SELECT User AS name FROM mysql.user')).map((row) => String(row['name'])),
  );
  for (const name of accounts) if (standing.has(name)) await session.query(`DROP USER IF EXISTS ${escape(name)}@'%'`);
  // A session outlives its account.
  for (const row of await session.query('SHOW PROCESSLIST'))
    if (accounts.includes(String(row['User']))) await session.query(`KILL ${Number(row['Id'])}`).catch(() => undefined);
}

/** `ALTER EVENT` takes over definer and session: so both are what the fence has recorded. */
async function enableEvents(session: Administrator): Promise<void> {
  const [table] = await session.query(
    `SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'cutover_local' AND TABLE_NAME = 'fenced_event'`,
  );
  if (table === undefined) return;
  const rows = await session.query(
    `SELECT f.*, e.EVENT_TYPE = 'ONE TIME' AND e.EXECUTE_AT <= NOW() AS missed FROM cutover_local.fenced_event f
       JOIN information_schema.EVENTS e ON e.EVENT_SCHEMA = f.event_schema AND e.EVENT_NAME = f.event_name
      WHERE e.STATUS <> 'ENABLED'`,
  );
  for (const row of rows) {
    const name = `${escapeId(String(row['event_schema']))}.${escapeId(String(row['event_name']))}`;
    const late = Number(row['missed']) === 1 ? 'ON SCHEDULE AT CURRENT_TIMESTAMP + INTERVAL 1 SECOND' : '';
    const settings = [row['sql_mode'], row['client_charset'], row['client_collation']].map((each) =>
      escape(String(each)),
    );
    await session.query(
      `SET @mode = @@sql_mode, @charset = @@character_set_client, @collation = @@collation_connection`,
    );
    await session.query(
      `SET sql_mode = ${settings[0]}, character_set_client = ${settings[1]}, collation_connection = ${settings[2]}`,
    );
    await session
      .query(`ALTER DEFINER = ${String(row['definer'])} EVENT ${name} ${late} ENABLE`)
      .finally(() =>
        session.query('SET sql_mode = @mode, character_set_client = @charset, collation_connection = @collation'),
      );
  }
}
