import type { CourseStep } from '../../rehearsal/course';
import { predictions } from './operators/predictions';
import { beforeSwitch, operatorCommand, smallRehearsal, tinyScenario, violated } from './small-rehearsal';

const untilSwitch: readonly CourseStep[] = [...beforeSwitch, { verb: 'switch', expectedExitCode: 0 }];

describe('a rehearsal with a broken operator', () => {
  it.each(predictions)('$operator fails and names $invariant', async ({ operator, invariant, faults = [] }) => {
    const scenario = { ...tinyScenario(), faults };
    const end = await smallRehearsal({ scenario, course: untilSwitch, operatorCommand: operatorCommand(operator) });
    expect(end.summary.outcome).toBe('failed');
    expect(violated(end)).toContain(invariant);
  });
});
