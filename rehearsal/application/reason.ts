import { DatabaseError } from 'pg';

/** SQLSTATE, MySQL's name of the error, system error code or message: one short word for ledger and logs. */
export function reasonOf(error: unknown): string {
  if (error instanceof DatabaseError) return error.code ?? error.message;
  const { code, errno, message } = error as NodeJS.ErrnoException;
  if (code !== undefined && code !== 'UNKNOWN_CODE_PLEASE_REPORT') return code;
  return errno === undefined ? message : `${errno}: ${message}`;
}
