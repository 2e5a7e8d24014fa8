/** What is known of a migration that a deploy would touch; the caller asks the databases or the journal. */
export interface MigrationReading {
  readonly environment: string;
  readonly migration: string;
  readonly primary: 'source' | 'target';
  /** Phase of the state row, as `status` says it. */
  readonly phase: string;
  /** True between a fence and its open, and where the two sides contradict each other. */
  readonly isSwitching: boolean;
  /** Who holds the lock, and with which verb; absent: nobody. */
  readonly heldBy?: string;
  /** End of the rollback window; absent: no switch stands. */
  readonly rollbackUntil?: Date;
}

/** Why a deploy is refused now, per migration; empty when nothing is under way. */
export function underWay(readings: readonly MigrationReading[], now: Date): string[] {
  return readings.flatMap(({ environment, migration, primary, phase, isSwitching, heldBy, rollbackUntil }) => {
    const status = `node bin/cutover.js status ${migration} --environment ${environment}`;
    if (isSwitching)
      return [
        `${environment}/${migration} is mid-switch (phase ${phase}): no deploy before it is done or unwound. Next: ${status}`,
      ];
    if (heldBy !== undefined)
      return [
        `${environment}/${migration} has a run that holds it (${heldBy}; phase ${phase}): no deploy before it ends. Next: ${status}`,
      ];
    if (rollbackUntil !== undefined && rollbackUntil > now)
      return [
        `${environment}/${migration} can be rolled back until ${rollbackUntil.toISOString()} (primary: ${primary}): ` +
          `a deploy now may break the way back. Next: finalize, or wait. ${status}`,
      ];
    return [];
  });
}
