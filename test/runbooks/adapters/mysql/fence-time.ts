import type { Database } from '../../../../runbooks/ports/database';
import type { Reason } from '../../../../runbooks/ports/reason';

/** The reason that still stands when this time is over. */
export const whyNotFencedWithin = (database: Database, milliseconds: number): Promise<Reason | undefined> =>
  database.gate.whyNotFenced(AbortSignal.timeout(milliseconds));
