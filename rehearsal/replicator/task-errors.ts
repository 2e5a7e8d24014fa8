import { DatabaseError } from 'pg';

/** Ends the task in `failed`: trying again would change nothing. */
export class FatalTaskError extends Error {}

/** SQLSTATE classes and codes that pass by themselves: connections, resources, shutdowns, deadlocks, slot still held. */
const passing = /^(08|53|57P|40|55006|55P03|57014)/;

/** The same for MySQL's errors, by the names that the driver gives them. */
const passingMysql =
  /^(PROTOCOL_|ER_(SERVER_SHUTDOWN|NORMAL_SHUTDOWN|CON_COUNT_ERROR|TOO_MANY_USER_CONNECTIONS|LOCK_|CONNECTION_KILLED|QUERY_INTERRUPTED|NET_|ABORTING_CONNECTION|OUT_OF_RESOURCES|DISK_FULL))/;

/** True when a new attempt from the checkpoint may succeed (DMS calls it a recoverable error). */
export function isRecoverable(error: unknown): boolean {
  if (error instanceof FatalTaskError) return false;
  if (error instanceof DatabaseError) return passing.test(error.code ?? '');
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code === 'string' && /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|EADDR)/.test(code)) return true;
  if (typeof code === 'string' && passingMysql.test(code)) return true;
  return /terminated|timeout expired|not queryable|closed the replication|ended the replication|socket disconnected|no longer writable|in closed state/i.test(
    message,
  );
}

/** The message of an error with the server's detail, without values of rows. */
export function describe(error: unknown): string {
  if (error instanceof DatabaseError) return `${error.message} (SQLSTATE ${error.code})`;
  return error instanceof Error ? error.message : String(error);
}
