import type { Client } from 'pg';
import { CATALOGUE_QUERY } from './catalogue-query';

export interface Column {
  name: string;
  /** Fully written type, e.g. `numeric(14,2)`, `public.invoice_state`: what a value is cast to. */
  type: string;
  /** Name of the base type in pg_type, e.g. `numeric`, `bpchar`, `_text`. */
  base: string;
  /** Name of the element's base type, where the column is an array. */
  element: string | null;
  labels: string[] | null;
  /** Longest text in characters, where the type sets one. */
  maxLength: number | null;
  precision: number | null;
  scale: number | null;
  notNull: boolean;
  /** Computed by the engine from other columns. */
  computed: boolean;
  /** The engine makes a new key: an identity, a sequence or a random uuid. */
  keyMaker: 'sequence' | 'uuid' | null;
  /** Stands in a CHECK constraint or has a domain's rules: its value is copied, not invented. */
  restricted: boolean;
  /** What a column of two engines must keep to besides: whole numbers from and to, letters, instants of MySQL's TIMESTAMP. */
  range?: [string, string];
  ascii?: boolean;
  padded?: boolean;
  until2037?: boolean;
}

export interface ForeignKey {
  columns: string[];
  table: string;
  referenced: string[];
}

/** A table as the workload sees it. `id` is `schema.name`, `sql` the same, quoted. */
export interface Table {
  id: string;
  sql: string;
  columns: Column[];
  /** Primary key, or else a unique key without nullable columns. */
  key: string[];
  uniques: string[][];
  foreignKeys: ForeignKey[];
  /** Triggers that run after a row's change may change other rows, which the ledger could not know. */
  hasAfterTriggers: boolean;
  writable: boolean;
  readable: boolean;
}

/**
 * Reads every ordinary and partitioned table outside the system's, the rehearsal's and the runbook's own schemas.
 * `writer` and `reader` are the accounts whose privileges decide what is writable and readable.
 */
export async function readCatalogue(superuser: Client, writer: string, reader: string | undefined): Promise<Table[]> {
  // With an empty search path format_type qualifies every type that is not built in.
  await superuser.query("SET search_path = ''");
  const { rows } = await superuser.query<{ table: Omit<Table, 'key'> & { primary: string[] | null } }>(
    CATALOGUE_QUERY,
    [writer, reader ?? writer],
  );
  await superuser.query('RESET search_path');
  return rows.map(({ table }) => ({ ...table, key: table.primary ?? notNullUnique(table) }));
}

function notNullUnique(table: Pick<Table, 'uniques' | 'columns'>): string[] {
  const required = new Set(table.columns.filter((column) => column.notNull).map((column) => column.name));
  return table.uniques.find((columns) => columns.every((column) => required.has(column))) ?? [];
}
