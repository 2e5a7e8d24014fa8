/** SQLSTATE classes that speak of the connection, of shutdowns and of cancelling, not of the statement. */
const passing = /^(08|40|53|57|58|XX)/;

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
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code) || passing.test(code)) throw error;
    return { refusal: `the engine refused to compare it (SQLSTATE ${code})` };
  }
}
