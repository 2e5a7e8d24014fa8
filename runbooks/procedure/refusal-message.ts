import type { ProcedureEvent } from '../ports/operator';
import type { Reason } from '../ports/reason';

/** A reason among the last words: whole, since the gate that gave it may stand far above. */
export const refusalMessage = (reason: Reason): ProcedureEvent => ({
  type: 'message',
  code: reason.code,
  level: 'error',
  text: reason.text + (reason.setting ? ` (setting ${reason.setting})` : ''),
  remedy: reason.next,
  reason,
});
