import type { SqlReader } from '../../ports/sql-reader';
import type { NeutralForm } from '../neutral-types';
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

/** What triggers of the target make a converted column of: the column, and the expressions there and back. */
export interface ConvertedFrom {
  readonly column: string;
  readonly forward: string;
  readonly reverse: string;
}

interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** Of a converted column. Absent where what it is converted from stands alone. */
  readonly from?: ConvertedFrom;
}

/** A column of a pair within PostgreSQL. */
export interface NativeColumn extends Column {
  readonly encoding: 'native';
  readonly form: CanonicalForm;
  readonly sameDeclaration: boolean;
}

/** A column of a pair with MySQL or MariaDB. */
export interface NeutralColumn extends Column {
  readonly encoding: 'neutral';
  readonly form: NeutralForm;
  /** The type on the other side of the pair. */
  readonly counterpart: ColumnType;
  /** Values may be large: the row's digest holds a digest of the value. */
  readonly long: boolean;
}

export type ComparedColumn = NativeColumn | NeutralColumn;

/** One side of a compared table; key and columns stand in the same order on both sides. */
interface Shape<Of extends ComparedColumn> {
  readonly schema: string;
  readonly name: string;
  readonly partitioned: boolean;
  readonly key: readonly Of[];
  readonly columns: readonly Of[];
  /** Order keys by bytes, not by the index: slower, for sides whose collations differ. */
  readonly bytewise: boolean;
}
export type NativeShape = Shape<NativeColumn> & { readonly encoding: 'native' };
export type NeutralShape = Shape<NeutralColumn> & { readonly encoding: 'neutral' };
export type TableShape = NativeShape | NeutralShape;

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
  /**
   * Per bucket (`bucket`, out of the row digest): `rows` and one `digest` over all its rows. Where values are compared one
   * by one: in how many rows (`valued`), and about how many `bytes` they have in all where that is cheap to say.
   */
  digests(range: KeyRange): Statement;
  /** Key and digest of each row of the range that falls into the buckets. */
  rowsInBuckets(range: KeyRange, buckets: readonly number[]): Statement;
  /** Key and digest; `bytes` of the values that are compared one by one. */
  rowsByKey(keys: readonly Key[]): Statement;
  /** Key and one digest per column (`c0`, `c1`, …). */
  columnsByKey(keys: readonly Key[]): Statement;
  countRows(): Statement;
  /** Only where values are compared one by one, as their text in Node. */
  readonly values?: ValueStatements;
}

export interface ValueStatements {
  /** The columns, as positions among the shape's columns, in the order of `v0`, `v1`, … */
  readonly columns: readonly number[];
  /** Key and values (null where the digest says it all) of the rows that have any. */
  inRange(range: KeyRange): Statement;
  byKey(keys: readonly Key[]): Statement;
  /** Key and `bytes` of the rows that have any. */
  sizes(range: KeyRange): Statement;
}

export type TableFilter = (schema: string, table: string) => boolean;

/** What the comparison must know about an engine. */
export interface Dialect {
  readonly family: EngineFamily;
  readTables(reader: SqlReader, isSelected: TableFilter, signal: AbortSignal): Promise<CatalogueTable[]>;
  statements(shape: TableShape): TableStatements;
}
