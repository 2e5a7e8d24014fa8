/**
 * Reads one database. Every statement runs in a READ ONLY transaction; all values come back as the engine's text
 * (`null` stays null), so that nothing is lost in JavaScript's numbers and dates.
 */
export interface SqlReader {
  query(sql: string, values: readonly unknown[], signal: AbortSignal): Promise<Record<string, string | null>[]>;
}
