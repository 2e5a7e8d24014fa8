import { UsageError } from '../runbooks/ports/failures';
import { exitCode, type Outcome } from '../runbooks/procedure/exit-code';
import { InterruptedError } from '../runbooks/procedure/deadline';
import { GateRefusal } from '../runbooks/procedure/gate-refusal';
import { messageOf } from '../runbooks/procedure/journal';
import type { End } from './by-hand';
import type { Invocation } from './context';

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
  if (end.error instanceof GateRefusal)
    for (const reason of end.error.reasons)
      reporter.report({
        type: 'message',
        code: reason.code,
        level: 'error',
        text: reason.text + (reason.setting ? ` (setting ${reason.setting})` : ''),
      });
  else if (end.error)
    reporter.report({
      type: 'message',
      code: end.error instanceof UsageError ? end.error.code : end.outcome,
      level: 'error',
      text: messageOf(end.error),
    });
  end.byHand?.forEach((each, index) => reporter.report({ type: 'by-hand', number: index + 1, ...each }));
  reporter.report({
    type: 'run.finished',
    verb,
    outcome: outcomeText[end.outcome],
    exitCode: exitCode[end.outcome],
    primary: end.situation?.kind === 'not started' ? 'source' : end.situation?.primary,
    writesAccepted: end.situation?.writesAccepted,
    next: end.next && complete(end.next, migration, options.environment),
  });
  return exitCode[end.outcome];
}

/** `cutover verb` at the beginning becomes the whole command that can be typed; what follows it is left out. */
function complete(next: string, migration: string, environment: string): string {
  const [, verb, execute = ''] = /^cutover ([a-z-]+)( --execute)?(?=$|[,;])/.exec(next) ?? [];
  return verb === undefined ? next : `cutover ${verb} ${migration} --environment ${environment}${execute}`;
}

/** An error that ended the command before or outside a run. */
export function failureOf(error: unknown): { outcome: Outcome; error: unknown; next?: string } {
  if (error instanceof UsageError) return { outcome: 'usage', error, next: error.next ?? 'cutover status' };
  if (error instanceof GateRefusal)
    return { outcome: 'refused', error, next: error.reasons.find((each) => each.next)?.next ?? 'cutover check' };
  if (error instanceof InterruptedError) return { outcome: 'interrupted', error, next: 'cutover status' };
  return { outcome: 'failed', error, next: 'cutover status' };
}
