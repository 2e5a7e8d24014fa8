import { UsageError } from '../../ports/failures';
import type { Product } from './mysql-side';
import type { ReadingPool } from './reading-pool';
import { serverError } from './sql-error';

/** Locked accounts, JSON and generated columns as used here begin with MySQL 5.7 and MariaDB 10.4. */
const oldest: Readonly<Record<Product, number>> = { mysql: 50700, mariadb: 100400 };
const productNames: Readonly<Record<Product, string>> = { mysql: 'MySQL', mariadb: 'MariaDB' };

export interface ServerFacts {
  readonly product: Product;
  /** `8.0.42`. */
  readonly version: string;
  /** Two digits each for minor and patch: 80042. */
  readonly versionNumber: number;
  /** Refuses writes: `read_only`, or a reader of Aurora (`innodb_read_only`). */
  readonly isReadOnly: boolean;
  /** Applies what another server writes. */
  readonly isReplica: boolean;
  readonly account: string;
}

/** VERSION() as `10.11.11-MariaDB-log`, `8.0.42`, `5.5.5-10.4.30-MariaDB` behind some proxies. */
export function parseVersion(text: string): Pick<ServerFacts, 'product' | 'version' | 'versionNumber'> {
  const product = /mariadb/i.test(text) ? 'mariadb' : 'mysql';
  const [, major = '0', minor = '0', patch = '0'] = /^(?:5\.5\.5-(?=1))?(\d+)\.(\d+)\.(\d+)/.exec(text) ?? [];
  return {
    product,
    version: `${major}.${minor}.${patch}`,
    versionNumber: Number(major) * 10_000 + Number(minor) * 100 + Number(patch),
  };
}

/** Statement and the column that says whether it applies, newest first; MySQL 8.4 knows only the first. */
const replicaStatements = [
  ['SHOW REPLICA STATUS', 'Replica_SQL_Running'],
  ['SHOW SLAVE STATUS', 'Slave_SQL_Running'],
] as const;
const parseError = 1064;

async function isReplica(reading: ReadingPool, product: Product, signal: AbortSignal): Promise<boolean> {
  const statements =
    product === 'mariadb' ? ([['SHOW ALL SLAVES STATUS', 'Slave_SQL_Running']] as const) : replicaStatements;
  for (const [statement, column] of statements)
    try {
      const rows = await reading.rows(statement, [], signal);
      return rows.some((row) => row[column] === 'Yes');
    } catch (error) {
      const number = serverError(error);
      if (number === undefined) throw error;
      if (number !== parseError) return applies(reading, signal);
    }
  return false;
}

/** MariaDB shows the status only with a privilege of its own (REPLICA MONITOR); the threads that apply are sessions as well. */
async function applies(reading: ReadingPool, signal: AbortSignal): Promise<boolean> {
  const rows = await reading.rows('SHOW PROCESSLIST', [], signal);
  return rows.some((row) => row['User'] === 'system user' && row['Command'] !== 'Daemon');
}

export async function serverFacts(reading: ReadingPool, signal: AbortSignal): Promise<ServerFacts> {
  const [row] = await reading.rows(
    `SELECT VERSION() AS version, @@GLOBAL.read_only AS read_only, @@GLOBAL.innodb_read_only AS innodb_read_only,
            SUBSTRING_INDEX(CURRENT_USER(), '@', -1) AS host, CURRENT_USER() AS account`,
    [],
    signal,
  );
  const { account, host, version } = row as Record<string, string>;
  const server = parseVersion(version as string);
  return {
    ...server,
    isReadOnly: isOn(row?.['read_only']) || isOn(row?.['innodb_read_only']),
    isReplica: await isReplica(reading, server.product, signal),
    account: (account as string).slice(0, -1 - (host as string).length),
  };
}

/** MariaDB 12 has levels of `read_only`, by name. */
const isOn = (value: string | null | undefined): boolean => value !== '0' && value !== 'OFF';

/** @throws UsageError for a server that no runbook may work on. */
export function refuseUnfit(facts: ServerFacts, title: string): void {
  const least = oldest[facts.product];
  if (facts.versionNumber < least) {
    const needed = `${Math.trunc(least / 10_000)}.${Math.trunc(least / 100) % 100}`;
    throw new UsageError('database-too-old', `the ${title} is older than ${productNames[facts.product]} ${needed}`, {
      next: `upgrade it in place to ${needed} first`,
    });
  }
  if (facts.isReadOnly)
    throw new UsageError('database-reader', `the ${title} is a reader: it refuses writes (read_only)`, {
      next: 'declare the writer’s endpoint as host; where the writer itself was set so: SET GLOBAL read_only = OFF',
    });
  if (facts.isReplica)
    throw new UsageError(
      'database-reader',
      `the ${title} is a replica: it applies what another server writes, which no fence of this side stops`,
      {
        next: 'declare the primary as host, or stop its replication (STOP REPLICA) where nothing shall come from there',
      },
    );
}

export const productName = (product: Product): string => productNames[product];
