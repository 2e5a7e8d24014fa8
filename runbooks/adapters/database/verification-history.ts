import type { VerificationRecord } from '../../ports/control-state';
import type { Effect } from '../../ports/effect';
import { effectOn, type DatabaseSide } from './side';

export interface VerificationSql {
  /** finished, duration, compared, divergent and unverified (JSON) of a migration, newest last. */
  readonly readVerifications: string;
  /** Values in the order of the columns; one that stands already stays. */
  readonly recordVerification: string;
}

/** Results of full verifications, newest last, as the hold gate needs them. */
export function verificationHistory(
  side: DatabaseSide,
  sql: VerificationSql,
): {
  read(signal: AbortSignal): Promise<VerificationRecord[]>;
  record(result: VerificationRecord): Effect;
} {
  const read = async (signal: AbortSignal): Promise<VerificationRecord[]> => {
    const rows = await side.reading.rowsIfMade(sql.readVerifications, [side.migration], signal);
    return rows.map((row) => ({
      finishedAtMilliseconds: Number(row['finished']),
      durationMilliseconds: Number(row['duration']),
      rows: Number(row['compared']),
      divergentRows: Number(row['divergent']),
      unverifiedTables: JSON.parse(row['unverified'] as string) as string[],
    }));
  };
  const stands = async (result: VerificationRecord, signal: AbortSignal) =>
    (await read(signal)).some((each) => each.finishedAtMilliseconds === result.finishedAtMilliseconds);

  return {
    read,
    record: (result) =>
      effectOn(side, 'record-verification', {
        touches: `one row of cutover_local.verification on the ${side.title}`,
        precheck: (signal) => stands(result, signal),
        act: (effects, signal) =>
          effects.transaction(signal, async (statement) => {
            const { finishedAtMilliseconds, durationMilliseconds, rows, divergentRows, unverifiedTables } = result;
            const values = [finishedAtMilliseconds, durationMilliseconds, rows, divergentRows];
            await statement(sql.recordVerification, [side.migration, ...values, JSON.stringify(unverifiedTables)]);
          }),
        verify: (signal) => stands(result, signal),
      }),
  };
}
