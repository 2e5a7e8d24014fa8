/** SQLSTATE of an error that the server answered; undefined for everything else. */
export function sqlState(error: unknown): string | undefined {
  const { code, severity } = (error ?? {}) as { code?: unknown; severity?: unknown };
  return typeof code === 'string' && severity !== undefined ? code : undefined;
}

const undefinedTable = '42P01';
const undefinedSchema = '3F000';
export const insufficientPrivilege = '42501';
export const queryCancelled = '57014';
export const objectInUse = '55006';

/** What to answer where our control schema does not exist yet. */
export async function whereMissing<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const state = sqlState(error);
    if (state === undefinedTable || state === undefinedSchema) return otherwise;
    throw error;
  }
}

export const messageOf = (error: unknown): string =>
  (error as { message?: string } | undefined)?.message ?? String(error);

/** The server's own words do not say which server it was. */
export function located(error: unknown, title: string): unknown {
  if (error instanceof Error && sqlState(error) !== undefined) {
    const { detail } = error as { detail?: string };
    error.message = `${error.message}${detail ? ` (${detail})` : ''}, says the ${title}`;
  }
  return error;
}
