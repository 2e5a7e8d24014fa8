import type { Reason } from '../ports/reason';

/** Gates said no: a reason, not a defect. */
export class GateRefusal extends Error {
  override readonly name = 'GateRefusal';
  readonly reasons: readonly Reason[];
  constructor(reasons: readonly Reason[]) {
    super(reasons.map((reason) => reason.text).join('; '));
    this.reasons = reasons;
  }
}
