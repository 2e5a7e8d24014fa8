import type { CourseStep } from '../../rehearsal/course';
import type { Scenario } from '../../rehearsal/scenarios/scenario';
import { beforeSwitch, operatorCommand, smallRehearsal, tinyScenario, violated } from './small-rehearsal';

const untilSwitch: readonly CourseStep[] = [...beforeSwitch, { verb: 'switch', expectedExitCode: 0 }];

/** Commits are on their way for so long that a side opened too early is always seen. */
const slowApply: Scenario['faults'][number] = {
  when: 'switch:fence',
  fault: { kind: 'replicator', fault: { kind: 'delay-apply', milliseconds: 1500, taskArn: 'load' } },
};

/** Each operator has one broken port; its author predicted which invariant would say so. */
const predictions: [operator: string, invariant: string, faults?: Scenario['faults']][] = [
  ['fence-skipped', 'I2'],
  ['accounts-left-open', 'I2'],
  ['opened-before-drain', 'I3', [slowApply]],
  ['sequences-not-advanced', 'I4'],
  ['weights-in-two-batches', 'I6'],
  ['reverse-from-now', 'I5'],
];

describe('a rehearsal with a broken operator', () => {
  it.each(predictions)('%s fails and names %s', async (operator, invariant, faults = []) => {
    const scenario = { ...tinyScenario(), faults };
    const end = await smallRehearsal({ scenario, course: untilSwitch, operatorCommand: operatorCommand(operator) });
    expect(end.summary.outcome).toBe('failed');
    expect(violated(end)).toContain(invariant);
  });
});
