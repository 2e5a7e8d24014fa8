import { join } from 'node:path';
import { loadScenario } from '../../rehearsal/scenarios/scenario';
import type { CourseStep } from '../../rehearsal/course';
import { describeWhereMysqlIs } from '../mysql-server';
import { beforeSwitch, smallRehearsal, violated } from './small-rehearsal';

const shop = () => loadScenario(join(__dirname, 'scenarios', 'tiny-shop'));

const there = { verb: 'switch', switches: 'forward', expectedExitCode: 0 } as const;
const back = { verb: 'roll-back', switches: 'reverse', expectedExitCode: 0 } as const;
const course: readonly CourseStep[] = [
  { verb: 'check', readsOnly: true, expectedExitCode: 0 },
  ...beforeSwitch,
  ...[there, back, there],
];

describeWhereMysqlIs('a change of the engine', (mysqlServer) => {
  it('goes forward, back and forward, and loses nothing of what either engine acknowledged', async () => {
    const end = await smallRehearsal({ scenario: shop(), course, mysqlServer });
    expect(
      end.results.map(({ step, run }) => [step.verb, run.exitCode, run.exitCode === 0 ? '' : run.standardError]),
    ).toEqual(course.map(({ verb }) => [verb, 0, '']));
    expect(end.summary).toMatchObject({ outcome: 'passed', ending: 'passed' });
    expect(violated(end)).toEqual([]);
    expect(end.summary.judgement).toMatchObject({ lostWrites: 0, duplicateWrites: 0, writesAcceptedByBothSides: 0 });
    expect(end.summary.judgement.switches).toHaveLength(3);
  }, 240_000);
});
