/** Number of an error that the server answered; undefined for everything else (sockets have negative numbers). */
export function serverError(error: unknown): number | undefined {
  const { errno, sqlState } = (error ?? {}) as { errno?: unknown; sqlState?: unknown };
  return typeof errno === 'number' && errno > 0 && typeof sqlState === 'string' ? errno : undefined;
}

const unknownDatabase = 1049;
const unknownTable = 1146;
/** What an account without any privilege on a database is told instead of "unknown". */
const noAccessToDatabase = 1044;
/**
 * Of a database, table, column, the whole server, and a routine; the last is all that MySQL says to whoever may not see
 * prepared transactions (XAER_RMERR; MySQL 8.4 manual, 15.3.8.1 "XA Transaction SQL Statements").
 */
const accessDenied = new Set([noAccessToDatabase, 1142, 1143, 1227, 1370, 1401]);
/** Both products: `KILL QUERY`. MariaDB says 1969 for a limit of time, MySQL 3024. */
export const queryInterrupted = 1317;
export const noSuchThread = 1094;
export const duplicateKey = 1062;
/** A text that the character set it is to be shown in does not have. */
export const cannotConvert = 3854;

/** What to answer where our control databases do not exist yet. */
export async function whereMissing<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const number = serverError(error);
    if (number === unknownTable || number === unknownDatabase) return otherwise;
    throw error;
  }
}

/** Does the account lack a privilege for what it asked? */
export const isDenied = (error: unknown): boolean => accessDenied.has(serverError(error) ?? 0);

/** The login's own database: neither there nor visible. */
export const isUnknownDatabase = (error: unknown): boolean => {
  const number = serverError(error);
  return number === unknownDatabase || number === noAccessToDatabase;
};

export const messageOf = (error: unknown): string =>
  (error as { message?: string } | undefined)?.message ?? String(error);

/** The server's own words do not say which server it was. */
export function located(error: unknown, title: string): unknown {
  if (error instanceof Error && serverError(error) !== undefined && !error.message.endsWith(title))
    error.message = `${error.message}, says the ${title}`;
  return error;
}
