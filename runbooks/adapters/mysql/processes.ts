import { everyAccount, insiderNames } from './accounts';
import type { MysqlSide } from './mysql-side';

export interface Process {
  readonly id: string;
  /** As the client called itself; `system user` is the server's own replication. */
  readonly account: string;
  /** Address and port of the client, or its name. */
  readonly client: string;
  readonly command: string;
  /** Since when it has been at this command, or has waited for the next one. */
  readonly seconds: number;
  readonly text: string;
}

/**
 * Not `information_schema.processlist`: newer servers of MySQL (seen with 9.7) refuse to read it while any statement has a
 * character of four bytes, whatever is asked for. FULL shows whole statements, the other their first 100 characters.
 */
const shown = { beginnings: 'SHOW PROCESSLIST', whole: 'SHOW FULL PROCESSLIST' } as const;

/** Still logging in: the account is not known yet, and may have been looked at before a lock was set. */
export const isStarting = ({ account }: Process): boolean => account === 'unauthenticated user' || account === 'login';

/** A run of an event shows as its definer, whom a fence may let in: it has no client, and is at no other command. */
export const isEvent = ({ command, client }: Process): boolean =>
  (command === 'Connect' || command === 'Killed') && !client.includes(':');

export interface Sessions {
  /** Of accounts that a fence closes, or that were dropped meanwhile, and runs of events, whoever has defined them. */
  readonly outsiders: readonly Process[];
  /** Identifiers of connections whose login is not finished. */
  readonly starting: readonly string[];
}

/**
 * Every session, without the server's own. The statement that asks is among what is shown: where it is not, the list is not
 * one of sessions. That is so where MySQL is told to take it from its performance_schema, which does not run.
 */
export async function everyProcess(
  side: MysqlSide,
  signal: AbortSignal,
  statements: keyof typeof shown = 'beginnings',
): Promise<Process[]> {
  const query = shown[statements];
  const rows = await side.reading.rows(query, [], signal);
  if (!rows.some((row) => row['User'] === side.account && row['Info'] === query))
    throw new Error(
      `the list of sessions of the ${side.title} does not even show who asks for it: SET GLOBAL performance_schema_show_processlist = OFF`,
    );
  return rows
    .map((row) => ({
      id: row['Id'] as string,
      account: row['User'] ?? '',
      client: row['Host'] ?? '',
      command: row['Command'] ?? '',
      seconds: Number(row['Time']),
      text: row['Info'] ?? '',
    }))
    .filter(({ command }) => command !== 'Daemon');
}

/** Who is in that a fence would keep out. */
export async function outsiderProcesses(side: MysqlSide, signal: AbortSignal): Promise<Sessions> {
  const isInsider = insiderNames(side, await everyAccount(side, signal));
  const processes = await everyProcess(side, signal);
  return {
    outsiders: processes.filter((one) => !isStarting(one) && (!isInsider(one.account) || isEvent(one))),
    starting: processes.filter(isStarting).map(({ id }) => id),
  };
}
