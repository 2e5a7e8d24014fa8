import { DatabaseError } from 'pg';
import { RefusedValueError } from './sinks/refused-value';

/** `table`: not the row but its table: a column or the table is missing, or the account may not write it. */
export type ErrorNature = 'duplicate' | 'truncation' | 'table' | 'data';

/** MySQL's error numbers. */
const mysqlNatures: Readonly<Record<number, ErrorNature>> = {
  1062: 'duplicate',
  1586: 'duplicate',
  1406: 'truncation',
  1044: 'table',
  1054: 'table',
  1136: 'table',
  1142: 'table',
  1143: 'table',
  1146: 'table',
  1227: 'table',
};

/** What a target's refusal of a change is about, in the terms of `ErrorBehavior`. */
export function natureOf(error: Error): ErrorNature {
  if (error instanceof RefusedValueError) return error.truncates ? 'truncation' : 'data';
  if (!(error instanceof DatabaseError)) return mysqlNatures[(error as { errno?: number }).errno ?? 0] ?? 'data';
  if (error.code === '23505') return 'duplicate';
  if (error.code === '22001') return 'truncation';
  return error.code?.startsWith('42') ? 'table' : 'data';
}
