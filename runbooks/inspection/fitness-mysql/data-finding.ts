/** Rows of the source that the target takes otherwise or not at all. */
export interface DataFinding {
  /** schema.table on the source: what waivers speak of. */
  readonly object: string;
  readonly column: string;
  readonly rows: number;
  /** Primary keys of a few of them. */
  readonly keys: readonly string[];
  readonly text: string;
  readonly remedy: string;
  /** No reason to stop. */
  readonly isNote?: boolean;
}
