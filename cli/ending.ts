import { UsageError } from '../runbooks/ports/failures';
import { exitCode, type Outcome } from '../runbooks/procedure/exit-code';
import { InterruptedError } from '../runbooks/procedure/deadline';
import { GateRefusal } from '../runbooks/procedure/gate-refusal';
import { messageOf } from '../runbooks/procedure/journal';
import { refusalMessage } from '../runbooks/procedure/refusal-message';
import type { End } from './by-hand';
import type { Invocation } from './context';
import { runnable } from './runnable';

const outcomeText: Record<Outcome, string> = {
  done: 'done',
  failed: 'failed',
  usage: 'not started: usage or configuration',
  refused: 'refused by a gate, nothing was changed',
  declined: 'declined by the operator, nothing was changed',
  unwound: 'unwound: as before, nothing is lost',
  partial: 'PARTIAL OR CONTRADICTORY: act now',
  interrupted: 'interrupted, nothing is half done',
};

/** The last words of every run: what happened, who is primary, whether writes are accepted, one next command. */
export function finish(
  { reporter, migration, options }: Pick<Invocation, 'reporter' | 'migration' | 'options'>,
  verb: string,
  end: End,
): number {
  if (end.error instanceof GateRefusal) for (const reason of end.error.reasons) reporter.report(refusalMessage(reason));
  else if (end.error)
    reporter.report({
      type: 'message',
      code: end.error instanceof UsageError ? end.error.code : end.outcome,
      level: 'error',
      text: messageOf(end.error),
      remedy: end.error instanceof UsageError ? end.error.next : undefined,
    });
  end.byHand?.forEach((each, index) => reporter.report({ type: 'by-hand', number: index + 1, ...each }));
  reporter.report({
    type: 'run.finished',
    verb,
    outcome: outcomeText[end.outcome],
    exitCode: exitCode[end.outcome],
    primary: end.situation?.kind === 'not started' ? 'source' : end.situation?.primary,
    writesAccepted: end.situation?.writesAccepted,
    next: runnable(end.next, { verb, migration, environment: options.environment, refused: end.outcome === 'refused' }),
  });
  return exitCode[end.outcome];
}

/** An error that ended the command before or outside a run. */
export function failureOf(error: unknown): { outcome: Outcome; error: unknown; next?: string } {
  if (error instanceof UsageError) return { outcome: 'usage', error, next: error.next ?? 'cutover status' };
  if (error instanceof GateRefusal)
    return { outcome: 'refused', error, next: error.reasons.find((each) => each.next)?.next ?? 'cutover check' };
  if (error instanceof InterruptedError) return { outcome: 'interrupted', error, next: 'cutover status' };
  return { outcome: 'failed', error, next: 'cutover status' };
}
