import type { CourseStep } from '../../rehearsal/course';
import { beforeSwitch, operatorCommand, smallRehearsal, violated } from './small-rehearsal';

const untilSwitch: readonly CourseStep[] = [...beforeSwitch, { verb: 'switch', expectedExitCode: 0 }];

/** Each operator has one broken port; its author predicted which invariant would say so. */
const predictions: [operator: string, invariant: string, course: readonly CourseStep[]][] = [
  ['fence-skipped', 'I2', untilSwitch],
  ['accounts-left-open', 'I2', untilSwitch],
  // Whether a commit is still on its way at the first one on the target is chance; that both sides took writes is not.
  ['opened-before-drain', 'I2', untilSwitch],
  ['sequences-not-advanced', 'I4', untilSwitch],
  ['weights-in-two-batches', 'I6', untilSwitch],
  ['reverse-from-now', 'I5', untilSwitch],
];

describe('a rehearsal with a broken operator', () => {
  it.each(predictions)('%s fails and names %s', async (operator, invariant, course) => {
    const end = await smallRehearsal({ course, operatorCommand: operatorCommand(operator) });
    expect(end.summary.outcome).toBe('failed');
    expect(violated(end)).toContain(invariant);
  });
});
