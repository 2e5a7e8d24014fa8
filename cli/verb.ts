import type { Reporter } from '../runbooks/ports/operator';
import type { World } from '../runbooks/ports/world';
import type { Planned } from '../runbooks/procedure/run';
import type { Situation } from '../runbooks/procedure/situation';

/** One mutating verb: which procedure fits the situation found. */
export interface Verb {
  readonly name: string;
  readonly summary: string;
  /** `resume` and `abort` take the lock over from a run that ended in the middle. */
  readonly takeOver?: boolean;
  readonly installs?: boolean;
  /** @throws GateRefusal when the situation does not allow it. */
  prepare(world: World, reporter: Reporter, situation: Situation, epoch: number): Planned | 'nothing to do';
}
