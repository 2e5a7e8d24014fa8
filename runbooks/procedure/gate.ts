import type { Reason } from '../ports/reason';

/** `safety` holds going forward and back; `quality` only going forward, else an alarm would forbid the rollback it calls for. */
export type GateKind = 'safety' | 'quality';

export type GateAnswer =
  | { readonly answer: 'yes'; readonly detail?: string }
  | { readonly answer: 'no'; readonly reason: Reason }
  | { readonly answer: 'would check'; readonly detail: string }
  /** Only where a side is lost and its loss accepted: nobody can be asked. */
  | { readonly answer: 'cannot check'; readonly detail: string };

/** A check that only reads. */
export interface Gate {
  readonly title: string;
  readonly kind: GateKind;
  ask(signal: AbortSignal): Promise<GateAnswer>;
}

export const yes = (detail?: string): GateAnswer =>
  detail === undefined ? { answer: 'yes' } : { answer: 'yes', detail };
export const no = (reason: Reason): GateAnswer => ({ answer: 'no', reason });
export const wouldCheck = (detail: string): GateAnswer => ({ answer: 'would check', detail });

export const safety = (title: string, ask: Gate['ask']): Gate => ({ title, kind: 'safety', ask });
export const quality = (title: string, ask: Gate['ask']): Gate => ({ title, kind: 'quality', ask });
