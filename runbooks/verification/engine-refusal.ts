/** SQLSTATE classes that speak of the connection, of shutdowns and of cancelling, not of the statement. */
const passing = /^(08|40|53|57|58|XX)/;

function postgresRefusal(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  const isState = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !passing.test(code);
  return isState ? `SQLSTATE ${code}` : undefined;
}

/** MySQL gives most errors the state HY000: only what speaks of the statement counts; collations have no state of their own. */
function mysqlRefusal(error: unknown): string | undefined {
  const { sqlState, errno } = (error ?? {}) as { sqlState?: unknown; errno?: unknown };
  if (typeof sqlState !== 'string' || typeof errno !== 'number') return undefined;
  const ofStatement = /^(42|22|21|0A)/.test(sqlState) || [1267, 1270, 1271, 1292, 1411, 1525].includes(errno);
  return ofStatement ? `error ${errno}, SQLSTATE ${sqlState}` : undefined;
}

/** What the engine says of the statement itself: a state of SQL, or undefined where it speaks of something else. */
export const refusalOf = (error: unknown): string | undefined => mysqlRefusal(error) ?? postgresRefusal(error);

/**
 * Runs a comparison; when the engine refuses the statement itself (permission, a type without that function), the
 * refusal is the answer. Its text is left out: engines quote values in it.
 */
export async function engineRefusal<Result extends object>(
  compare: () => Promise<Result>,
): Promise<Result | { refusal: string }> {
  try {
    return await compare();
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return { refusal: `the engine refused to compare it (${refusal})` };
  }
}
