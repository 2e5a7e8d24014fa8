import { join } from 'node:path';
import type { CourseStep } from '../../rehearsal/course';
import { loadScenario } from '../../rehearsal/scenarios/scenario';
import type { Prediction } from './operators/predictions';
import { beforeSwitch, operatorCommand, smallRehearsal, violated } from './small-rehearsal';

const course: readonly CourseStep[] = [...beforeSwitch, { verb: 'switch', expectedExitCode: 0 }];

/** A small change of the engine by a broken operator does all its steps, and is judged for nothing but what was predicted. */
export async function expectHarm(
  { operator, invariant, faults = [], mayFollow = [] }: Prediction,
  mysqlServer: string | undefined,
): Promise<void> {
  const scenario = { ...loadScenario(join(__dirname, 'scenarios', 'tiny-shop')), faults };
  const end = await smallRehearsal({ scenario, course, operatorCommand: operatorCommand(operator), mysqlServer });
  expect(end.results.map(({ step, run }) => [step.verb, run.exitCode])).toEqual(course.map(({ verb }) => [verb, 0]));
  expect(end.summary).toMatchObject({ outcome: 'failed', faultsNotHappened: [] });
  const harms = violated(end);
  expect(harms).toContain(invariant);
  expect(harms.filter((each) => each !== invariant && !mayFollow.some((other) => other === each))).toEqual([]);
}
