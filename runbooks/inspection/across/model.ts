import type { ColumnType, EngineFamily } from '../../verification/type-table';
import type { Capacity } from './capacity';

/** What both engines call the same, though they write it differently. */
export type ColumnDefault =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'now' }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'expression'; readonly text: string };

export interface ModelColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** As the engine declares it, to stand in a statement or before people. */
  readonly declared: string;
  readonly capacity: Capacity;
  readonly notNull: boolean;
  /** Absent: none, or null. */
  readonly default?: ColumnDefault;
  /** Expression of a column that the engine computes. */
  readonly generated?: string;
  /** AUTO_INCREMENT, identity or a sequence; `always`: an identity that refuses keys from outside. */
  readonly counts?: 'by default' | 'always';
  /** ON UPDATE CURRENT_TIMESTAMP. */
  readonly touchesItself?: boolean;
  /** Do keys that differ in case only, or in accents, count as equal? Absent: they do not, or it is no text. */
  readonly folds?: Folding;
  readonly collation?: string;
}

export interface Folding {
  readonly case: boolean;
  readonly accents: boolean;
  /** Trailing spaces do not count (PAD SPACE). */
  readonly padding: boolean;
  /** Every digit of it is exactly the other engine's: not known of language-specific collations. */
  readonly exact: boolean;
}

export interface ModelIndex {
  readonly name: string;
  readonly isPrimary: boolean;
  readonly isUnique: boolean;
  /** Names of columns; of an expression over one column that column; else undefined. */
  readonly columns: readonly (string | undefined)[];
  /** Characters or bytes of the column that count; as many entries as columns. */
  readonly prefixes?: readonly (number | undefined)[];
  /** Not an ordinary ordered index over all rows: full text, spatial, partial, another access method. */
  readonly special?: string;
  /** Checked at the end of a statement or a transaction, not with each row. */
  readonly isDeferrable?: boolean;
  readonly text: string;
}

export interface ModelForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** schema.table */
  readonly parent: string;
  readonly parentColumns: readonly string[];
  readonly onDelete: string;
  readonly onUpdate: string;
}

export interface ModelTable {
  readonly schema: string;
  readonly name: string;
  /** Keeps its old rows beside the present ones (MariaDB, WITH SYSTEM VERSIONING). */
  readonly isVersioned?: boolean;
  readonly columns: readonly ModelColumn[];
  readonly indexes: readonly ModelIndex[];
  readonly foreignKeys: readonly ModelForeignKey[];
  /** By name. */
  readonly checks: ReadonlyMap<string, string>;
  /** By name. */
  readonly triggers: ReadonlyMap<string, string>;
}

/** The selected tables of one side and what stands beside them, in words that both engines share. */
export interface Model {
  readonly family: EngineFamily;
  /** MySQL's product and version, e.g. `10.11.6-MariaDB`. */
  readonly version: string;
  readonly tables: readonly ModelTable[];
  /** schema.name */
  readonly views: readonly string[];
  readonly routines: readonly string[];
}

export const titleOf = ({ schema, name }: { schema: string; name: string }): string => `${schema}.${name}`;

/** Names of what the product itself adds to a side. */
export const isOurs = (name: string): boolean => name.startsWith('cutover_');
