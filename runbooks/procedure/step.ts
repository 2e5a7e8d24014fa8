import type { Effect } from '../ports/effect';
import type { Gate } from './gate';
import type { MeasuredPause } from './pause-parts';

/** Executes one effect: the only way for a step to change the world. */
export type Perform = (effect: Effect) => Promise<void>;

/** Parts of the write pause, as the report names them. */
export type PausePart = 'fence' | 'route' | 'drain' | 'verify' | 'sequences' | 'open';

/** One numbered step. `done` asks the world, `act` is idempotent, `undo` is registered before `act` runs. */
export interface Step {
  readonly title: string;
  /** What it will touch, for the plan. */
  readonly touches: string;
  readonly part?: PausePart;
  /** `begins`: clients cannot write from here on; the budget runs until the decision. */
  readonly pause?: 'begins';
  /** Where the pause begins: what is known of its parts. */
  readonly measured?: () => MeasuredPause;
  /** The point of no return: once its effect stands, nothing is unwound. */
  readonly decides?: () => Promise<boolean>;
  /** Its undo says that all is as before: it is left out when another undo has failed, so that `resume` goes on there. */
  readonly undoEnds?: true;
  done?(signal: AbortSignal): Promise<boolean>;
  act(perform: Perform, signal: AbortSignal): Promise<void>;
  undo?(perform: Perform, signal: AbortSignal): Promise<void>;
}

/** Gates that are asked together, before the steps that follow them. */
export interface Checkpoint {
  readonly title: string;
  readonly gates: readonly Gate[];
  /** Asked under the fence only: a plan says "would check". */
  readonly afterFence?: boolean;
}

export type Element = Step | Checkpoint;

export const isCheckpoint = (element: Element): element is Checkpoint => 'gates' in element;
