import { DatabaseError } from 'pg';

/** Ends the task in `failed`: trying again would change nothing. */
export class FatalTaskError extends Error {}

/** SQLSTATE classes and codes that pass by themselves: connections, resources, shutdowns, deadlocks, slot still held. */
const passing = /^(08|53|57P|40|55006|55P03|57014)/;

/** True when a new attempt from the checkpoint may succeed (DMS calls it a recoverable error). */
export function isRecoverable(error: unknown): boolean {
  if (error instanceof FatalTaskError) return false;
  if (error instanceof DatabaseError) return passing.test(error.code ?? '');
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code === 'string' && /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|EADDR)/.test(code)) return true;
  return /terminated|timeout expired|not queryable|closed the replication|ended the replication|socket disconnected|no longer writable/i.test(
    message,
  );
}

/** The message of an error with the server's detail, without values of rows. */
export function describe(error: unknown): string {
  if (error instanceof DatabaseError) return `${error.message} (SQLSTATE ${error.code})`;
  return error instanceof Error ? error.message : String(error);
}
