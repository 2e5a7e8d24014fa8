import { transactionsOf, type Transaction } from './engine-status';
import type { MysqlSide } from './mysql-side';
import { cannotConvert, serverError } from './sql-error';

/** Times of transactions are those of the server's own zone. */
const everyTransaction = `SELECT trx_id AS id, NULLIF(trx_mysql_thread_id, 0) AS process_id, trx_rows_modified > 0 AS written,
    TIMESTAMPDIFF(SECOND, trx_started, CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', 'SYSTEM')) AS age
  FROM information_schema.innodb_trx`;

/** Empty where performance_schema does not run, as by default in MariaDB. */
const ofSessions = `SELECT t.processlist_id AS process_id, e.event_id AS event_id, e.timer_wait DIV 1000000000000 AS age
  FROM performance_schema.events_transactions_current e JOIN performance_schema.threads t ON t.thread_id = e.thread_id
  WHERE e.state = 'ACTIVE' AND t.processlist_id IS NOT NULL`;

/**
 * Transactions that are under way, our own included. Newer servers of MySQL (seen with 9.7) refuse to read their list while
 * the statement of any of them has a character of four bytes. What has written is then taken from the engine's own report,
 * and what only reads from performance_schema, where that runs.
 */
export async function everyTransactionOf(side: MysqlSide, signal: AbortSignal): Promise<Transaction[]> {
  try {
    return (await side.reading.rows(everyTransaction, [], signal)).map((row) => ({
      id: row['id'] as string,
      processId: row['process_id'] ?? undefined,
      ageSeconds: Number(row['age']),
      hasWritten: row['written'] === '1',
    }));
  } catch (error) {
    if (serverError(error) !== cannotConvert) throw error;
    const [report] = await side.reading.rows('SHOW ENGINE INNODB STATUS', [], signal);
    const reported = transactionsOf(report?.['Status'] ?? '');
    if (!reported) throw error;
    const known = new Set(reported.map(({ processId }) => processId));
    const others = await side.reading.rows(ofSessions, [], signal);
    return [
      ...reported,
      ...others
        .filter((row) => !known.has(row['process_id'] as string))
        .map((row) => ({
          id: `${row['process_id']}.${row['event_id']}`,
          processId: row['process_id'] as string,
          ageSeconds: Number(row['age']),
          hasWritten: false,
        })),
    ];
  }
}
