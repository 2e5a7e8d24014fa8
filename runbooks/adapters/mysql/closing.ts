import type { Statement } from './effect-connection';
import { messageOf, queryInterrupted, serverError } from './sql-error';

/** Beginning of a certificate's subject that nobody was ever given; each closing adds a word of its own. */
const neverIssued = '/CN=closed by cutover, never issued ';
export const isNeverIssued = (subject: string): boolean => subject.startsWith(neverIssued);

export interface Closable {
  readonly name: string;
  readonly host: string;
  readonly text: string;
}

/** What an account must show when it logs in, as the catalogue holds it, to be given back exactly. */
const requirement = `SELECT CONVERT(ssl_type USING utf8mb4) AS type, CONVERT(ssl_cipher USING utf8mb4) AS cipher,
    CONVERT(x509_issuer USING utf8mb4) AS issuer, CONVERT(x509_subject USING utf8mb4) AS subject
  FROM mysql.user WHERE User = ? AND Host = ?`;

const literal = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

function clauseOf(row: Record<string, string | null>): string {
  if (row['type'] === 'ANY') return 'SSL';
  if (row['type'] === 'X509') return 'X509';
  if (row['type'] !== 'SPECIFIED') return 'NONE';
  const parts = (['SUBJECT', 'ISSUER', 'CIPHER'] as const).flatMap((word) => {
    const value = row[word.toLowerCase()];
    return value ? [`${word} ${literal(value)}`] : [];
  });
  return parts.join(' AND ');
}

/** Closes one account by its lock. */
export const lockAccount = (statement: Statement, { text }: Closable): Promise<unknown> =>
  statement(`ALTER USER ${text} ACCOUNT LOCK`);

/**
 * Closes one account where the server takes no lock: it must show a certificate whose subject was never issued. What it
 * had to show before is recorded first.
 */
export async function requireNeverIssued(statement: Statement, account: Closable, nonce: string): Promise<void> {
  const [row] = await statement(requirement, [account.name, account.host]);
  if (!row) throw new Error(`the account ${account.text} is gone`);
  const subject = `${neverIssued}${nonce.replace(/[^A-Za-z0-9-]/g, '')}`;
  // A requirement of ours that stands already is not what the account had.
  if (!isNeverIssued(row['subject'] ?? ''))
    await statement('UPDATE cutover_local.fenced_account SET requirement = ? WHERE account = ?', [
      clauseOf(row),
      account.text,
    ]);
  await statement(`ALTER USER ${account.text} REQUIRE SUBJECT ${literal(subject)}`);
}

/** Is it worth trying another way: did the server itself refuse this one? */
export function isRefused(error: unknown): boolean {
  const number = serverError(error);
  return number !== undefined && number !== queryInterrupted;
}

/** Both ways of closing were refused. */
export const unclosable = ({ text }: Closable, lock: unknown, requirement: unknown): Error =>
  new Error(
    `${text} cannot be closed: neither by its lock (${messageOf(lock)}) nor by a certificate that nobody has (${messageOf(requirement)})`,
    { cause: lock },
  );

/** Lets an account in again, as it was let in before. */
export async function openAccount(
  statement: Statement,
  account: { readonly text: string; readonly isLocked: boolean },
  requirement: string | null,
): Promise<void> {
  if (requirement !== null) await statement(`ALTER USER ${account.text} REQUIRE ${requirement}`);
  if (account.isLocked) await statement(`ALTER USER ${account.text} ACCOUNT UNLOCK`);
}
