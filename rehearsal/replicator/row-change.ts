/** A table by the names of the catalogue, never quoted. */
export interface TableName {
  schema: string;
  table: string;
}

/**
 * A column's value in the engine's own text form: it is carried, never interpreted, so nothing is lost on the way.
 * `null` is SQL NULL; `undefined` is a large value that the statement did not change and the log therefore left out.
 */
export type Value = string | null | undefined;

/** Columns and their values, side by side. Rows of one shape share the same `names` array, so plans are cached by it. */
export interface Tuple {
  names: readonly string[];
  values: Value[];
}

/** One change as the log tells it. An update without `key` did not change its replica identity. */
export type RowChange =
  | { kind: 'insert'; table: TableName; row: Tuple }
  | { kind: 'update'; table: TableName; key?: Tuple; row: Tuple }
  | { kind: 'delete'; table: TableName; key?: Tuple }
  | { kind: 'truncate'; tables: TableName[] };

/** `schema.table`, for messages and as a map key. */
export const nameOf = (table: TableName): string => `${table.schema}.${table.table}`;
