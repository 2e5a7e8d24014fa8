import type { OperatorAtWork, OperatorRun } from './operator';

/** One thing that the operator does, and how it must end. */
export interface CourseStep {
  readonly verb: string;
  readonly arguments?: readonly string[];
  /** Only looks. */
  readonly readsOnly?: boolean;
  readonly expectedExitCode: number;
  /** What it means for the clients: the judge reads pauses of these. */
  readonly switches?: 'forward' | 'reverse';
}

const done = { expectedExitCode: 0 };

/** Forward, back and forward again, as an operator would on the day; each plan is looked at before it is executed. */
export const fullCourse: readonly CourseStep[] = [
  { verb: 'check', readsOnly: true, ...done },
  { verb: 'start', ...done },
  { verb: 'watch', ...done },
  { verb: 'verify', ...done },
  { verb: 'shift-reads', ...done },
  { verb: 'switch', switches: 'forward', ...done },
  { verb: 'status', readsOnly: true, ...done },
  { verb: 'roll-back', switches: 'reverse', ...done },
  { verb: 'switch', switches: 'forward', ...done },
];

/** A step of the course as it went. */
export interface CourseResult {
  readonly step: CourseStep;
  readonly run: OperatorRun;
  readonly asExpected: boolean;
}

/** An interruption does not wait for the work: whoever takes the world down ends that process too. */
export function orInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  return new Promise((resolve, reject) => {
    const interrupt = () => reject(signal.reason as Error);
    signal.addEventListener('abort', interrupt, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', interrupt));
  });
}

/** Runs the steps in order and stops at the first that ends otherwise than expected. */
export async function runCourse(
  operator: OperatorAtWork,
  course: readonly CourseStep[],
  signal: AbortSignal,
  onStep: (step: CourseStep) => Promise<void>,
): Promise<CourseResult[]> {
  const results: CourseResult[] = [];
  for (const step of course) {
    signal.throwIfAborted();
    await onStep(step);
    const rest = step.arguments ?? [];
    const running = step.readsOnly ? operator.run(step.verb, ...rest) : operator.execute(step.verb, ...rest);
    const run = await orInterrupted(running, signal);
    const asExpected = run.exitCode === step.expectedExitCode;
    results.push({ step, run, asExpected });
    if (!asExpected) break;
  }
  return results;
}

/** How a course went: to its end, or until a runbook unwound itself or refused, or otherwise than it should. */
export type Ending = 'passed' | 'unwound' | 'refused' | 'failed';

const endings: Readonly<Record<number, Ending>> = { 3: 'refused', 5: 'unwound' };

export function endingOf(course: readonly CourseStep[], results: readonly CourseResult[]): Ending {
  const last = results.at(-1);
  if (last === undefined) return 'failed';
  if (last.asExpected) return results.length === course.length ? 'passed' : 'failed';
  return endings[last.run.exitCode ?? -1] ?? 'failed';
}
