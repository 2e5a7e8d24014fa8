import type { Clock } from '../ports/clock';
import type { Reporter } from '../ports/operator';
import type { Gate, GateAnswer } from './gate';
import { GateRefusal } from './gate-refusal';
import type { Journal } from './journal';
import type { MeasuredPause } from './pause-parts';
import { isCheckpoint, type Checkpoint, type Element, type Perform, type Step } from './step';

/** What the runner has done so far, for the unwinding and the last words. */
export interface Progress {
  readonly registered: Step[];
  decided: boolean;
}

/**
 * Starts the clock of the write pause; the signal ends when the run must unwind to stay within the budget. `measured`
 * tells what is known so far of its parts, and is asked again after each step.
 */
export type BeginPause = (measured?: () => MeasuredPause) => {
  readonly signal: AbortSignal;
  measureAgain(): void;
  end(): void;
};

export interface RunnerTools {
  readonly perform: (signal: AbortSignal) => Perform;
  readonly journal: Journal;
  readonly reporter: Reporter;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly beginPause: BeginPause;
}

/**
 * Asks every gate, reports every answer, and refuses with all the reasons at once.
 * @param onFailure the answer where a gate cannot be asked; without it that ends the run
 */
export async function askGates(
  checkpoint: Checkpoint,
  reporter: Reporter,
  signal: AbortSignal,
  onFailure: (gate: Gate, error: unknown) => GateAnswer = (_gate, error) => {
    throw error;
  },
): Promise<{ gate: Gate; answer: string }[]> {
  const refusals = [];
  const answers = [];
  for (const gate of checkpoint.gates) {
    const answer = await gate.ask(signal).catch((error: unknown) => onFailure(gate, error));
    reporter.report({
      type: 'gate',
      title: gate.title,
      kind: gate.kind,
      answer: answer.answer,
      ...(answer.answer === 'no' ? { reason: answer.reason } : { detail: answer.detail }),
    });
    if (answer.answer === 'no') refusals.push(answer.reason);
    answers.push({ gate, answer: answer.answer });
  }
  if (refusals.length > 0) throw new GateRefusal(refusals);
  return answers;
}

/** Runs the elements in order. A step's undo is registered before it acts; nothing here undoes anything. */
export async function runElements(elements: readonly Element[], tools: RunnerTools, progress: Progress): Promise<void> {
  const { reporter, clock, journal } = tools;
  let pause: ReturnType<BeginPause> | undefined;
  let number = 0;
  try {
    for (const element of elements) {
      const signal = pause ? AbortSignal.any([tools.signal, pause.signal]) : tools.signal;
      signal.throwIfAborted();
      if (isCheckpoint(element)) {
        const answers = await askGates(element, reporter, signal);
        await journal.append(
          { type: 'gates', title: element.title, answers: answers.map((each) => `${each.gate.title}: ${each.answer}`) },
          signal,
        );
        continue;
      }
      number += 1;
      if (element.pause === 'begins') pause = tools.beginPause(element.measured);
      const stepSignal = pause ? AbortSignal.any([tools.signal, pause.signal]) : tools.signal;
      const started = clock.nowMilliseconds();
      reporter.report({ type: 'step.started', number, title: element.title, part: element.part });
      const skipped = (await element.done?.(stepSignal)) ?? false;
      if (!skipped) {
        if (element.undo) progress.registered.push(element);
        await element.act(tools.perform(stepSignal), stepSignal);
      }
      if (element.decides) {
        progress.decided = true;
        pause?.end();
        pause = undefined;
      }
      pause?.measureAgain();
      reporter.report({
        type: 'step.finished',
        number,
        title: element.title,
        part: element.part,
        milliseconds: clock.nowMilliseconds() - started,
        skipped,
      });
    }
  } finally {
    pause?.end();
  }
}
