import type { VerificationRecord } from '../../ports/control-state';
import type { Effect } from '../../ports/effect';
import { effectOn, type MysqlSide } from './mysql-side';
import { whereMissing } from './sql-error';

/** Results of full verifications, newest last, as the hold gate needs them. */
export function verificationHistory(side: MysqlSide): {
  read(signal: AbortSignal): Promise<VerificationRecord[]>;
  record(result: VerificationRecord): Effect;
} {
  const read = async (signal: AbortSignal): Promise<VerificationRecord[]> => {
    const rows = await whereMissing(
      side.reading.rows(
        `SELECT finished_at_milliseconds AS finished, duration_milliseconds AS duration, \`rows\` AS compared,
                divergent_rows AS divergent, unverified_tables AS unverified
           FROM cutover_local.verification WHERE migration = ? ORDER BY finished_at_milliseconds`,
        [side.migration],
        signal,
      ),
      [],
    );
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
            await statement(
              `REPLACE INTO cutover_local.verification (migration, finished_at_milliseconds, duration_milliseconds, \`rows\`,
                                                        divergent_rows, unverified_tables)
                 VALUES (?, ?, ?, ?, ?, ?)`,
              [
                side.migration,
                result.finishedAtMilliseconds,
                result.durationMilliseconds,
                result.rows,
                result.divergentRows,
                JSON.stringify(result.unverifiedTables),
              ],
            );
          }),
        verify: (signal) => stands(result, signal),
      }),
  };
}
