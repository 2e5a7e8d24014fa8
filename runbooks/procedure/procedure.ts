import type { SideName } from '../../definition/manifest/sections';
import type { Element } from './step';

/** A runbook as data: what is asked and done, in order. */
export interface Procedure {
  readonly verb: string;
  /** One sentence: what will have happened at the end. */
  readonly purpose: string;
  readonly elements: readonly Element[];
  /** Named in the confirmation. */
  readonly impact: string;
  /** The last lines of a success. */
  readonly primaryAfter: SideName;
  readonly next: string;
}
