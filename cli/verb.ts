import type { SideName } from '../definition/manifest/sections';
import type { Reporter } from '../runbooks/ports/operator';
import type { World } from '../runbooks/ports/world';
import type { Planned } from '../runbooks/procedure/run';
import type { Situation } from '../runbooks/procedure/situation';
import type { Invocation } from './context';

/** One mutating verb: which procedure fits the situation found. */
export interface Verb {
  readonly name: string;
  readonly summary: string;
  /** `resume` and `abort` take the lock over from a run that ended in the middle. */
  readonly takeOver?: boolean;
  readonly installs?: boolean;
  /** The side that may be missing, since it is given up. */
  readonly mayBeLost?: SideName;
  /** What to type where a run ends in the middle, if not `resume`. */
  recovery?(invocation: Invocation): string;
  /** Adds to what the operator types for a run of it: options beside `--execute`. */
  arguments?(): string;
  /** Looks at the world before the plan is shown. */
  look?(world: World, situation: Situation, invocation: Invocation): Promise<void>;
  /** Asks for what must be agreed to beside the environment's name. @returns false when it was declined */
  agree?(world: World, situation: Situation, invocation: Invocation): Promise<boolean>;
  /** @throws GateRefusal when the situation does not allow it. */
  prepare(world: World, reporter: Reporter, situation: Situation, epoch: number): Planned | 'nothing to do';
}
