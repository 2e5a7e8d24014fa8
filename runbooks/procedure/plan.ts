import { createHash } from 'node:crypto';
import type { Reporter } from '../ports/operator';
import { no, type Gate, type GateAnswer } from './gate';
import { GateRefusal } from './gate-refusal';
import { causesOf, endsTheRun, notAsked, type NotAsked } from './not-asked';
import type { Reason } from '../ports/reason';
import type { Procedure } from './procedure';
import { askGates } from './run-elements';
import { isCheckpoint } from './step';

/**
 * Walks a procedure without doing anything: every gate is asked for real, every step is named. A gate that an execution asks
 * again after some steps is asked once: none of them was taken.
 * @param gate `asked or refused`: a gate that cannot be asked says no, and the others are asked; else that ends the plan
 */
export async function showPlan(
  procedure: Procedure,
  reporter: Reporter,
  signal: AbortSignal,
  gate: 'asked' | 'asked or refused' = 'asked',
): Promise<Reason[]> {
  const refusals: Reason[] = [];
  const failed: NotAsked[] = [];
  const asked = new Set<string>();
  const onFailure = ({ title }: Gate, error: unknown): GateAnswer => {
    signal.throwIfAborted();
    if (gate === 'asked' || endsTheRun(error)) throw error;
    const reason = notAsked(error);
    failed.push({ title, reason });
    return no(reason);
  };
  let number = 0;
  for (const element of procedure.elements) {
    if (!isCheckpoint(element)) {
      number += 1;
      reporter.report({ type: 'plan.step', number, title: element.title, touches: element.touches });
      continue;
    }
    // Gates after a step that a plan does not take cannot be asked yet.
    if (element.afterFence) {
      for (const gate of element.gates)
        reporter.report({
          type: 'gate',
          title: gate.title,
          kind: gate.kind,
          answer: 'would check',
          detail: 'under the fence',
        });
      continue;
    }
    const gates = element.gates.filter(({ title }) => !asked.has(title));
    gates.forEach(({ title }) => asked.add(title));
    const again = element.gates.length - gates.length;
    if (number > 0 && again > 0)
      reporter.report({ type: 'progress', text: `${element.title}: ${again} of the gates above are asked once more` });
    try {
      await askGates({ ...element, gates }, reporter, signal, onFailure);
    } catch (error) {
      if (!(error instanceof GateRefusal)) throw error;
      refusals.push(...error.reasons.filter((reason) => !failed.some((each) => each.reason === reason)));
    }
  }
  return [...causesOf(failed), ...refusals];
}

/** Same steps, same hash: an approval can name it. */
export function planHash(procedures: readonly Procedure[], facts: unknown): string {
  const text = JSON.stringify([
    facts,
    procedures.map(({ verb, elements }) => [
      verb,
      elements.map((element) =>
        isCheckpoint(element) ? element.gates.map((gate) => gate.title) : [element.title, element.touches],
      ),
    ]),
  ]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
