import { comparePositions, type BinlogPosition } from './binlog';
import { Client } from './client';
import type { MysqlSide } from './mysql-side';
import { everyProcess } from './processes';
import { readingName } from './tag';
import { everyTransactionOf } from './transactions';

const pollMilliseconds = 10;
/** The server renews what it shows of its transactions only when nobody has looked for 100 ms. */
const transactionsPollMilliseconds = 120;

/**
 * A transaction stands in the binlog a moment before others see it. Waits until everything up to the position is visible.
 * @param lastGtid of the transactions before it, where MySQL gives them GTIDs
 */
export function untilVisible(
  side: MysqlSide,
  position: BinlogPosition,
  lastGtid: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (side.product === 'mariadb') return untilInSnapshot(side, position, signal);
  return lastGtid === undefined ? untilNoneCommits(side, signal) : untilExecuted(side, lastGtid, signal);
}

/** MariaDB says of a snapshot where in the binlog it stands (MariaDB documentation, "Enhancements for START TRANSACTION"). */
async function untilInSnapshot(side: MysqlSide, position: BinlogPosition, signal: AbortSignal): Promise<void> {
  const client = await Client.open(side.login(readingName(side.migration)), signal);
  try {
    await client.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    for (;;) {
      signal.throwIfAborted();
      await client.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
      const rows = await client.query(`SHOW STATUS LIKE 'binlog_snapshot_%'`);
      await client.query('ROLLBACK');
      const status = new Map(rows.map((row) => [(row['Variable_name'] ?? '').toLowerCase(), row['Value'] ?? '']));
      const file = status.get('binlog_snapshot_file') ?? '';
      const offset = BigInt(status.get('binlog_snapshot_position') ?? 0);
      if (file !== '' && comparePositions({ file, offset }, position) >= 0) return;
      await side.clock.sleep(pollMilliseconds, signal);
    }
  } finally {
    await client.end();
  }
}

/** A GTID counts as executed once its transaction is visible. */
async function untilExecuted(side: MysqlSide, gtid: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const query = 'SELECT GTID_SUBSET(?, @@GLOBAL.gtid_executed) AS visible';
    const [row] = await side.reading.rows(query, [gtid], signal);
    if (row?.['visible'] === '1') return;
    await side.clock.sleep(pollMilliseconds, signal);
  }
}

/** Writers that run a statement at this moment: what stands in the binlog and is not visible yet is among them. */
async function writing(side: MysqlSide, signal: AbortSignal): Promise<string[]> {
  const transactions = await everyTransactionOf(side, signal);
  // Looked at afterwards: whoever waits for its next statement by now has ended its COMMIT.
  const processes = await everyProcess(side, signal);
  const busy = new Set(processes.filter(({ command }) => command !== 'Sleep').map(({ id }) => id));
  return transactions
    .filter(({ hasWritten, processId }) => hasWritten && processId !== undefined && busy.has(processId))
    .map(({ id }) => id);
}

async function untilNoneCommits(side: MysqlSide, signal: AbortSignal): Promise<void> {
  let open = await writing(side, signal);
  while (open.length > 0) {
    await side.clock.sleep(transactionsPollMilliseconds, signal);
    const now = new Set(await writing(side, signal));
    open = open.filter((id) => now.has(id));
  }
}
