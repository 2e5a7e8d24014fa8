import { isNeverIssued } from './closing';
import type { MysqlSide } from './mysql-side';
import { accountText } from './names';

export interface Account {
  readonly name: string;
  readonly host: string;
  /** `'orders_app'@'%'`: may stand in a statement, and in the record of the fence. */
  readonly text: string;
  readonly isLocked: boolean;
  /** Cannot log in: locked, or asked for a certificate that nobody has. */
  readonly isClosed: boolean;
  readonly isSuper: boolean;
}

/** Names of one kind of declared account; each means every host of that name. */
export const writeAccounts = ({ manifest }: MysqlSide): string[] => manifest.accounts.write.map(({ name }) => name);
export const readAccounts = ({ manifest }: MysqlSide): string[] => manifest.accounts.read.map(({ name }) => name);

/** MariaDB keeps the lock in a JSON document, and roles among the accounts (MariaDB documentation, `mysql.global_priv`). */
const ofMariadb = `SELECT g.User AS name, g.Host AS host, u.Super_priv AS super,
    COALESCE(JSON_EXTRACT(g.Priv, '$.account_locked'), 'false') AS locked,
    CONVERT(COALESCE(u.x509_subject, '') USING utf8mb4) AS subject
  FROM mysql.global_priv g JOIN mysql.user u ON u.User = g.User AND u.Host = g.Host
  WHERE COALESCE(JSON_EXTRACT(g.Priv, '$.is_role'), 'false') <> 'true' ORDER BY g.User, g.Host`;

/** Roles of MySQL are accounts that are locked from the beginning. */
const ofMysql = `SELECT User AS name, Host AS host, Super_priv AS super, account_locked AS locked,
    CONVERT(x509_subject USING utf8mb4) AS subject FROM mysql.user ORDER BY User, Host`;

/** Every account that could log in, locked or not. */
export async function everyAccount(side: MysqlSide, signal: AbortSignal): Promise<Account[]> {
  const rows = await side.reading.rows(side.product === 'mariadb' ? ofMariadb : ofMysql, [], signal);
  return rows.map((row) => {
    const isLocked = ['true', '1', 'Y'].includes(row['locked'] as string);
    return {
      name: row['name'] as string,
      host: row['host'] as string,
      text: accountText(row['name'] as string, row['host'] as string),
      isLocked,
      isClosed: isLocked || isNeverIssued(row['subject'] as string),
      isSuper: row['super'] === 'Y',
    };
  });
}

/** The servers' own and those of RDS; a declared write account may be called so. */
const isReserved = (name: string): boolean => /^(mysql\.|mariadb\.|rds)/.test(name);

/** Names that a fence leaves alone: the runbook's own, the allowed, and declared read accounts that do not write. */
function isSpared(side: MysqlSide): (name: string) => boolean {
  const writing = new Set(writeAccounts(side));
  const spared = new Set([...side.manifest.accounts.allowed, ...readAccounts(side), side.account]);
  return (name) => !writing.has(name) && (spared.has(name) || isReserved(name));
}

/**
 * Accounts that a fence closes. One with SUPER is none of them: it could open itself again, and people need it to come in
 * where everything else fails.
 */
export function outsiders(side: MysqlSide, accounts: readonly Account[]): Account[] {
  const spared = isSpared(side);
  return accounts.filter(({ name, isSuper }) => !isSuper && !spared(name));
}

/**
 * Names under which somebody may be connected while the side is fenced. A session shows its name only, not by which of its
 * hosts it came in: where one of them has no SUPER, it may be that one.
 */
export function insiderNames(side: MysqlSide, accounts: readonly Account[]): (name: string) => boolean {
  const spared = isSpared(side);
  const mighty = new Set(accounts.filter(({ isSuper }) => isSuper).map(({ name }) => name));
  const closed = new Set(outsiders(side, accounts).map(({ name }) => name));
  return (name) => spared(name) || (mighty.has(name) && !closed.has(name));
}

export async function openOutsiders(side: MysqlSide, signal: AbortSignal): Promise<Account[]> {
  return outsiders(side, await everyAccount(side, signal)).filter(({ isClosed }) => !isClosed);
}
