import type { SessionGroup, Sessions } from '../../ports/sessions';
import { ddlUnderWay } from './ddl';
import type { MysqlSide } from './mysql-side';

/** As a person types it after XA COMMIT or XA ROLLBACK, but for the quotes of a plain one. */
function xidOf(row: Record<string, string | null>): string {
  const [first, second] = [Number(row['gtrid_length']), Number(row['bqual_length'])];
  const data = row['data'] ?? '';
  // Bytes come as hex; a server that calls them text sends them as they are.
  const bytes = data.length === 2 * (first + second) ? Buffer.from(data, 'hex') : Buffer.from(data, 'utf8');
  const text = bytes.toString('latin1');
  if (second === 0 && row['formatID'] === '1' && /^[\x20-\x7e]+$/.test(text)) return text;
  const hex = (from: number, to: number) => `X'${bytes.subarray(from, to).toString('hex')}'`;
  return `${hex(0, first)},${hex(first, first + second)},${row['formatID']}`;
}

/** Identifiers of transactions that are prepared (XA). */
export const preparedTransactions = async (side: MysqlSide, signal: AbortSignal): Promise<string[]> =>
  (await side.reading.rows('XA RECOVER', [], signal)).map(xidOf);

/** The server knows programs only where performance_schema runs; without, the table is empty. */
const connected = `SELECT p.user AS account, COALESCE(a.attr_value, '') AS application, COALESCE(p.host, '') AS client
  FROM information_schema.processlist p LEFT JOIN performance_schema.session_connect_attrs a
    ON a.processlist_id = p.id AND a.attr_name = 'program_name'
  WHERE p.command <> 'Daemon' AND p.user <> ? AND p.user NOT IN ('unauthenticated user', 'login') ORDER BY 1, 2, 3`;

/** The client without its port. */
const addressOf = (client: string): string => client.replace(/:\d+$/, '') || 'local';

function grouped(rows: readonly Record<string, string | null>[]): SessionGroup[] {
  const groups = new Map<string, SessionGroup>();
  for (const row of rows) {
    const account = row['account'] ?? '';
    const application = row['application'] ?? '';
    const clientAddress = addressOf(row['client'] ?? '');
    const key = JSON.stringify([account, application, clientAddress]);
    groups.set(key, { account, application, clientAddress, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return [...groups.values()];
}

/** Times of transactions are those of the server's own zone. */
const open = `SELECT p.user AS account, p.id AS id,
    TIMESTAMPDIFF(SECOND, t.trx_started, CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', 'SYSTEM')) AS age
  FROM information_schema.innodb_trx t JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
  WHERE p.user <> ? AND p.id <> CONNECTION_ID()`;

export function sessions(side: MysqlSide): Sessions {
  const { reading } = side;
  return {
    census: async (signal) => grouped(await reading.rows(connected, [side.account], signal)),

    openTransactions: async (olderThanSeconds, signal) =>
      (await reading.rows(open, [side.account], signal))
        .map((row) => ({
          account: row['account'] as string,
          ageSeconds: Number(row['age']),
          processId: row['id'] as string,
        }))
        .filter(({ ageSeconds }) => ageSeconds >= olderThanSeconds)
        .sort((one, other) => other.ageSeconds - one.ageSeconds),

    preparedTransactions: (signal) => preparedTransactions(side, signal),
    ddlUnderWay: (signal) => ddlUnderWay(side, signal),
  };
}
