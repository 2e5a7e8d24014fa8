import { join } from 'node:path';
import { untilCaughtUp } from '../../rehearsal/catch-up';
import { gatherEvidence } from '../../rehearsal/evidence';
import type { Finding } from '../../rehearsal/judge/finding';
import { judge, type Judgement } from '../../rehearsal/judge/judge';
import { typescriptArguments } from '../../rehearsal/processes/typescript-arguments';
import { rehearse, type RehearsalEnd, type RehearseOptions } from '../../rehearsal/rehearse';
import { rehearsalTimes, type RehearsalTimes } from '../../rehearsal/rehearsal-environment';
import { loadScenario } from '../../rehearsal/scenarios/scenario';
import type { CloudPace } from '../../rehearsal/endpoint-contents';
import type { CourseStep } from '../../rehearsal/course';
import type { RehearsalWorld } from '../../rehearsal/world';

/** A cloud that keeps nobody waiting, but still answers late enough to matter. */
export const quickPace: CloudPace = {
  propagationMilliseconds: [0, 100, 300, 600],
  taskStartSeconds: 0.3,
  taskStopSeconds: 0.2,
};

export const quickTimes: RehearsalTimes = {
  ...rehearsalTimes,
  gates: { ...rehearsalTimes.gates, lagWindowSeconds: 1 },
  timing: { ...rehearsalTimes.timing, bakeSeconds: 0.3, readShiftBakeSeconds: 0.3, readShiftPercents: [50, 100] },
  metricPeriodSeconds: 1,
};

export const tinyScenario = () => loadScenario(join(__dirname, 'scenarios', 'tiny'));

/** An operator of a test's own, by the name of its file. */
export const operatorCommand = (name: string, ...args: string[]): string[] => [
  process.execPath,
  ...typescriptArguments(),
  join(__dirname, 'operators', `${name}.ts`),
  ...args,
];

const verb = (name: string, expectedExitCode = 0): CourseStep => ({ verb: name, expectedExitCode });

/** To the state in which a switch can be made. */
export const beforeSwitch: readonly CourseStep[] = [verb('start'), verb('verify')];

/** A rehearsal of a small schema with few rows; quiet unless it fails. */
export function smallRehearsal(
  options: Partial<RehearseOptions> & { course: readonly CourseStep[] },
): Promise<RehearsalEnd> {
  return rehearse({
    scenario: tinyScenario(),
    signal: new AbortController().signal,
    progress: { stage: () => undefined, operator: () => undefined, second: () => undefined },
    pace: quickPace,
    times: quickTimes,
    settleMilliseconds: 300,
    ...options,
  });
}

/** Ends the clients of a world, lets replication come to rest, and asks the judge. */
export async function judgementOf(world: RehearsalWorld): Promise<Judgement> {
  await world.stopWorkload();
  await untilCaughtUp(world);
  return judge(await gatherEvidence(world));
}

/** What the judge found violated, each with its evidence. */
export const violations = ({ invariants }: Judgement): [name: string, finding: Finding][] =>
  Object.entries(invariants).filter(([, { verdict }]) => verdict === 'violated');

/** Invariants that the judge found violated. */
export const violated = ({ summary }: RehearsalEnd): string[] => violations(summary.judgement).map(([name]) => name);
