/** A migration whose manifest is deployed, as far as AWS alone tells of it. */
export interface DeployedMigration {
  readonly migration: string;
  /** A verb was once executed on it. */
  readonly hasBegun: boolean;
}
