import { StaleEpochError, UsageError } from '../../ports/failures';

interface Standing {
  readonly title: string;
  readonly migration: string;
}

/** @throws UsageError where the side holds no state yet */
export function standingEpoch({ title, migration }: Standing, epoch: unknown): number {
  if (epoch == null)
    throw new UsageError('not-started', `the ${title} has no state of migration ${migration}`, {
      next: `cutover start ${migration}`,
    });
  return Number(epoch);
}

/** For a side that has gone on to another run. */
export const staleEpoch = ({ title }: Standing, present: number, carried: number): StaleEpochError =>
  new StaleEpochError(`the ${title} accepts epoch ${present}, this run carries ${carried}: another run has taken over`);
