import type { Kind } from './neutral-table';

/** What one engine's catalogue says of a column, in words that the other's can be compared with. */
export interface SideColumn {
  name: string;
  /** As the engine writes it. */
  type: string;
  /** What its values can be taken for, the most natural first. */
  kinds: Kind[];
  notNull: boolean;
  computed: boolean;
  makesKeys: boolean;
  /** Some rule speaks of it that is not understood. */
  restricted: boolean;
  range?: [bigint, bigint];
  maxLength?: number;
  precision?: number;
  scale?: number;
  labels?: string[];
  ascii?: boolean;
  padded?: boolean;
  fraction?: number;
  single?: boolean;
  until2037?: boolean;
}

/** A table as one side's catalogue describes it, under that side's names. */
export interface SideTable {
  schema: string;
  table: string;
  columns: SideColumn[];
  primary: string[];
  uniques: string[][];
  foreignKeys: { columns: string[]; table: string; referenced: string[] }[];
  hasAfterTriggers: boolean;
  /** Triggers of other tables write its rows. */
  writtenByTriggers: boolean;
}
