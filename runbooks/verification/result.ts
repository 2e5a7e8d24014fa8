/** What stays different after the last comparison, by key. Values of other columns are never part of a result. */
export interface DivergentKey {
  readonly key: readonly string[];
  readonly kind: 'missing on other' | 'missing on primary' | 'different';
  /** Names of the differing columns, as the primary has them. */
  readonly columns?: readonly string[];
}

export interface TableResult {
  /** schema.table as the primary has it. */
  readonly table: string;
  /** Rows of the primary that were compared. */
  readonly rows: number;
  readonly status: 'equal' | 'divergent' | 'unverified';
  readonly reason?: string;
  /** True when a waiver of the definition accepts that this table is not verified. */
  readonly waived?: boolean;
  readonly divergentRows: number;
  /** The first of the divergent rows; `divergentRows` is how many there are. */
  readonly divergentKeys: readonly DivergentKey[];
}

export interface VerificationResult {
  readonly tables: readonly TableResult[];
  readonly rows: number;
  readonly divergentRows: number;
  /** Tables about which nothing is proven and nothing was waived: each one blocks a switch. */
  readonly unverifiedTables: readonly string[];
  /** Share of the compared rows that are equal, cut (never rounded up) to three decimals. */
  readonly percentConsistent: number;
  readonly durationMilliseconds: number;
}

export interface VerificationProgress {
  readonly table: string;
  readonly tablesDone: number;
  readonly tables: number;
  /** Rows of the primary compared so far, over all tables. */
  readonly rows: number;
  /** Keys that differed when last seen and will be compared again. */
  readonly openKeys: number;
}

/** How many divergent keys a result names per table. */
export const listedKeys = 100;

export function summarise(tables: readonly TableResult[], durationMilliseconds: number): VerificationResult {
  const sum = (of: (table: TableResult) => number) => tables.reduce((total, table) => total + of(table), 0);
  const rows = sum((table) => table.rows);
  const divergentRows = sum((table) => table.divergentRows);
  const whole = Math.max(rows, divergentRows);
  return {
    tables,
    rows,
    divergentRows,
    unverifiedTables: tables.filter((one) => one.status === 'unverified' && !one.waived).map((one) => one.table),
    percentConsistent: whole === 0 ? 100 : Math.floor(((whole - divergentRows) / whole) * 100_000) / 1000,
    durationMilliseconds,
  };
}
