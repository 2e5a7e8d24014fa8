import { isRecoverable } from '../../task-errors';
import { RefusedValueError } from '../refused-value';
import { UnidentifiedRowError } from '../unidentified-row';
import { StatementError } from './script';

/** Errors of the server or its mode, whatever the row: read-only, a missing engine or thread. */
const notTheRow = new Set([1021, 1041, 1053, 1129, 1153, 1180, 1197, 1290, 1792, 1836, 1927, 3032]);

/**
 * The error as the policies judge it, when a row is to blame. Undefined for lost sessions, deadlocks and waits that were
 * too long: there the server may have taken back the whole transaction.
 */
export function concernedRow(error: unknown): Error | undefined {
  if (error instanceof UnidentifiedRowError || error instanceof RefusedValueError) return error;
  if (!(error instanceof StatementError)) return undefined;
  const { cause } = error;
  if (cause instanceof RefusedValueError) return cause;
  const { errno, sqlState } = cause as { errno?: number; sqlState?: string };
  if (sqlState === undefined || errno === undefined || notTheRow.has(errno) || isRecoverable(cause)) return undefined;
  return cause;
}
