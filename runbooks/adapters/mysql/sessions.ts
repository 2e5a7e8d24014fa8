import type { OpenTransaction, SessionGroup, Sessions } from '../../ports/sessions';
import { ddlUnderWay } from './ddl';
import type { MysqlSide } from './mysql-side';
import { everyProcess, isStarting } from './processes';
import { everyTransactionOf } from './transactions';

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
const programs = `SELECT processlist_id AS id, attr_value AS program FROM performance_schema.session_connect_attrs
  WHERE attr_name = 'program_name'`;

async function census(side: MysqlSide, signal: AbortSignal): Promise<SessionGroup[]> {
  const processes = (await everyProcess(side, signal)).filter(
    (one) => one.account !== side.account && !isStarting(one),
  );
  const programOf = new Map((await side.reading.rows(programs, [], signal)).map((row) => [row['id'], row['program']]));
  const groups = new Map<string, SessionGroup>();
  for (const { id, account, client } of processes) {
    const application = programOf.get(id) ?? '';
    const clientAddress = addressOf(client);
    const key = JSON.stringify([account, application, clientAddress]);
    groups.set(key, { account, application, clientAddress, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => group);
}

/** The client without its port. */
const addressOf = (client: string): string => client.replace(/:\d+$/, '') || 'local';

async function openTransactions(
  side: MysqlSide,
  olderThanSeconds: number,
  signal: AbortSignal,
): Promise<OpenTransaction[]> {
  const transactions = await everyTransactionOf(side, signal);
  const accountOf = new Map((await everyProcess(side, signal)).map(({ id, account }) => [id, account]));
  return transactions
    .flatMap(({ processId, ageSeconds }) => {
      const account = processId === undefined ? undefined : accountOf.get(processId);
      return processId === undefined || account === undefined ? [] : [{ account, ageSeconds, processId }];
    })
    .filter(({ account, ageSeconds }) => account !== side.account && ageSeconds >= olderThanSeconds)
    .sort((one, other) => other.ageSeconds - one.ageSeconds);
}

export const sessions = (side: MysqlSide): Sessions => ({
  census: (signal) => census(side, signal),
  openTransactions: (olderThanSeconds, signal) => openTransactions(side, olderThanSeconds, signal),
  preparedTransactions: (signal) => preparedTransactions(side, signal),
  ddlUnderWay: (signal) => ddlUnderWay(side, signal),
});
