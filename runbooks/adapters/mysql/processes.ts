import { everyAccount, insiderNames } from './accounts';
import type { MysqlSide } from './mysql-side';

export interface Process {
  readonly id: string;
  /** As the client called itself; `system user` is the server's own replication. */
  readonly account: string;
  /** Address and port of the client, or its name. */
  readonly client: string;
  readonly command: string;
  readonly text: string;
}

const query = `SELECT id, user AS account, host AS client, command, COALESCE(info, '') AS text
  FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND command <> 'Daemon' ORDER BY id`;

/** Still logging in: the account is not known yet, and may have been looked at before a lock was set. */
const isStarting = ({ account }: Process): boolean => account === 'unauthenticated user' || account === 'login';

export interface Sessions {
  /** Of accounts that a fence closes, or that were dropped meanwhile; events run as their definers. */
  readonly outsiders: readonly Process[];
  /** Identifiers of connections whose login is not finished. */
  readonly starting: readonly string[];
}

export async function everyProcess(side: MysqlSide, signal: AbortSignal): Promise<Process[]> {
  const rows = await side.reading.rows(query, [], signal);
  return rows.map((row) => ({
    id: row['id'] as string,
    account: row['account'] ?? '',
    client: row['client'] ?? '',
    command: row['command'] ?? '',
    text: row['text'] ?? '',
  }));
}

/** Who is in that a fence would keep out. */
export async function outsiderProcesses(side: MysqlSide, signal: AbortSignal): Promise<Sessions> {
  const isInsider = insiderNames(side, await everyAccount(side, signal));
  const processes = await everyProcess(side, signal);
  return {
    outsiders: processes.filter((one) => !isStarting(one) && !isInsider(one.account)),
    starting: processes.filter(isStarting).map(({ id }) => id),
  };
}
