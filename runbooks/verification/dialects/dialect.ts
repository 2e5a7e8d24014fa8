import type { SqlReader } from '../../ports/sql-reader';
import type { Key, KeyRange } from '../table-key';
import type { CanonicalForm, ColumnType, EngineFamily } from '../type-table';

export interface CatalogueColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly notNull: boolean;
  readonly generated: boolean;
  /** What decides the order of the column's texts: collation, provider, locale. Absent where there is none. */
  readonly collation?: string;
}

export interface CatalogueTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly CatalogueColumn[];
  /** Columns of the primary key, else of a unique key without nulls; empty when there is neither. */
  readonly key: readonly string[];
  /** Rows of child tables belong to it (a partitioned table). */
  readonly partitioned: boolean;
  /** Why its rows cannot be read, or not all of them. */
  readonly unreadable?: string;
}

export interface ComparedColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly form: CanonicalForm;
  readonly sameDeclaration: boolean;
}

/** One side of a compared table; key and columns stand in the same order on both sides. */
export interface TableShape {
  readonly schema: string;
  readonly name: string;
  readonly partitioned: boolean;
  readonly key: readonly ComparedColumn[];
  readonly columns: readonly ComparedColumn[];
  /** Order keys by bytes, not by the index: slower, for sides whose collations differ. */
  readonly bytewise: boolean;
}

interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/**
 * The statements that compare one side of a table. Key columns come back as `k0`, `k1`, … in canonical text, a row's
 * digest as `digest`. Digests of equal rows are equal on both sides.
 */
export interface TableStatements {
  /** Key of the `rows`-th row above `after`; no row when there are fewer. */
  bound(after: Key | undefined, rows: number): Statement;
  /** Per bucket (`bucket`, by the first byte of the row digest): `rows` and one `digest` over all its rows. */
  digests(range: KeyRange): Statement;
  /** Key and digest of each row of the range that falls into the buckets. */
  rowsInBuckets(range: KeyRange, buckets: readonly number[]): Statement;
  rowsByKey(keys: readonly Key[]): Statement;
  /** Key and one digest per column (`c0`, `c1`, …). */
  columnsByKey(keys: readonly Key[]): Statement;
  countRows(): Statement;
}

export type TableFilter = (schema: string, table: string) => boolean;

/** What the comparison must know about an engine. */
export interface Dialect {
  readonly family: EngineFamily;
  readTables(reader: SqlReader, isSelected: TableFilter, signal: AbortSignal): Promise<CatalogueTable[]>;
  statements(shape: TableShape): TableStatements;
}
