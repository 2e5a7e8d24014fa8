import type { Renaming } from '../../../definition/replication/renaming';
import type { EngineFamily } from '../../verification/type-table';
import type { ModelTable } from './model';

/** Two tables that are one, and what the definition calls things on the other side. */
export interface TablePair {
  readonly primary: ModelTable;
  readonly other: ModelTable;
  readonly otherFamily: EngineFamily;
  readonly renaming: Renaming;
  /** The table's name on the source: what waivers speak of. */
  readonly object: string;
}
