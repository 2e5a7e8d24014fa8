import type { CourseStep } from '../../rehearsal/course';
import { predictions, type Prediction } from './operators/predictions';
import { beforeSwitch, operatorCommand, smallRehearsal, tinyScenario, violated } from './small-rehearsal';

const untilSwitch: readonly CourseStep[] = [...beforeSwitch, { verb: 'switch', expectedExitCode: 0 }];

const isTriedEachTime = ({ operator }: Prediction): boolean =>
  ['fence-skipped', 'sequences-not-advanced'].includes(operator);

/** Each is a whole rehearsal: two with every change, the others at night. */
export const triedEachTime = predictions.filter(isTriedEachTime);
export const triedAtNight = predictions.filter((each) => !isTriedEachTime(each));

export async function expectNamed({ operator, invariant, faults = [] }: Prediction): Promise<void> {
  const scenario = { ...tinyScenario(), faults };
  const end = await smallRehearsal({ scenario, course: untilSwitch, operatorCommand: operatorCommand(operator) });
  expect(end.summary.outcome).toBe('failed');
  expect(violated(end)).toContain(invariant);
}
