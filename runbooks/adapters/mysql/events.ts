import { controlSchemas } from './control-databases';
import type { Statement } from './effect-connection';
import type { MysqlSide } from './mysql-side';
import { accountOfDefiner, quoted } from './names';
import { serverError } from './sql-error';

export interface ScheduledEvent {
  readonly schema: string;
  readonly name: string;
  /** As an account in a statement. */
  readonly definer: string;
  readonly sqlMode: string;
  readonly charset: string;
  readonly collation: string;
}

const enabled = `SELECT event_schema AS event_schema, event_name AS event_name, definer AS definer, sql_mode AS sql_mode,
    character_set_client AS client_charset, collation_connection AS client_collation
  FROM information_schema.events
  WHERE status = 'ENABLED' AND event_schema NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema')
  ORDER BY 1, 2`;

/**
 * Events that run by themselves: writers that no login and no name server moves. Whether the scheduler runs at present does
 * not matter: a restart of the server, or one word of an administrator, starts it under a fence.
 */
export async function enabledEvents(side: MysqlSide, signal: AbortSignal): Promise<ScheduledEvent[]> {
  const ours = new Set(controlSchemas(side));
  return (await side.reading.rows(enabled, [], signal))
    .filter((row) => !ours.has(row['event_schema'] ?? ''))
    .map(eventOf);
}

export const eventOf = (row: Record<string, string | null>): ScheduledEvent => ({
  schema: row['event_schema'] as string,
  name: row['event_name'] as string,
  definer: row['definer']?.startsWith("'") ? row['definer'] : accountOfDefiner(row['definer'] ?? ''),
  sqlMode: row['sql_mode'] ?? '',
  charset: row['client_charset'] ?? '',
  collation: row['client_collation'] ?? '',
});

export const titleOf = ({ schema, name }: ScheduledEvent): string => `${schema}.${name}`;

const present =
  'SELECT @@SESSION.sql_mode AS mode, @@character_set_client AS charset, @@collation_connection AS collation';
const set = 'SET SESSION sql_mode = ?, character_set_client = ?, collation_connection = ?';

/**
 * `ALTER EVENT` makes whoever runs it the definer, and takes over what the session is set to, unless both are given. A
 * name that is not ASCII is sent as it is: the session's character set stays.
 */
async function alter(statement: Statement, event: ScheduledEvent, change: string): Promise<void> {
  const text = `ALTER DEFINER = ${event.definer} EVENT ${quoted(event.schema)}.${quoted(event.name)} ${change}`;
  const [own] = await statement(present);
  const mine = [own?.['mode'] ?? '', own?.['charset'] ?? '', own?.['collation'] ?? ''];
  await statement(
    set,
    isAscii(text) ? [event.sqlMode, event.charset, event.collation] : [event.sqlMode, ...mine.slice(1)],
  );
  try {
    await statement(text);
  } catch (error) {
    if (serverError(error) !== eventUnknown) throw error;
  } finally {
    await statement(set, mine);
  }
}

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);
const eventUnknown = 1539;

/** Enabling an event for one moment that has passed would drop it without a word. */
const disabled = `SELECT event_type = 'ONE TIME'
      AND COALESCE(CONVERT_TZ(execute_at, time_zone, '+00:00'), execute_at) <= UTC_TIMESTAMP() + INTERVAL 1 SECOND AS missed
  FROM information_schema.events WHERE event_schema = ? AND event_name = ? AND status <> 'ENABLED'`;

export const disableEvent = (statement: Statement, event: ScheduledEvent): Promise<void> =>
  alter(statement, event, 'DISABLE');

/** What was due while it was disabled runs now, late; one that was never disabled, or is gone, stays so. */
export async function enableEvent(statement: Statement, event: ScheduledEvent): Promise<void> {
  const [found] = await statement(disabled, [event.schema, event.name]);
  if (!found) return;
  const isLate = found['missed'] === '1';
  await alter(statement, event, isLate ? 'ON SCHEDULE AT CURRENT_TIMESTAMP + INTERVAL 1 SECOND ENABLE' : 'ENABLE');
}
