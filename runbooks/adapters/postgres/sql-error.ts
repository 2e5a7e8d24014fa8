/** SQLSTATE of an error that the server answered; undefined for everything else. */
export function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && 'severity' in (error as object) ? code : undefined;
}

const undefinedTable = '42P01';
const undefinedSchema = '3F000';
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

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
