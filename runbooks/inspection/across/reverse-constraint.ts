/** Something of the target that refuses what the source could not hold. */
export interface ReverseConstraint {
  /** The table's name on the source: what waivers speak of. */
  readonly object: string;
  /** schema.table on the target. */
  readonly table: string;
  readonly kind: 'check' | 'unique index';
  /** Says by its digits what it refuses. */
  readonly name: string;
  /** What it is for, before people. */
  readonly refuses: string;
  readonly sql: string;
  /** What it cannot tell as the source does. */
  readonly approximation?: string;
}
