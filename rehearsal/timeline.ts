import type { CourseResult } from './course';
import { partsOf, type SwitchParts } from './judge/switch-parts';
import type { TimelineEntry } from './judge/report';
import type { Judgement } from './judge/judge';
import type { OperatorRun } from './operator';

interface FinishedStep {
  readonly at: number;
  readonly title: string;
  readonly milliseconds: number;
}

/** The steps that an operator reported as finished, in order. */
const finishedSteps = (run: OperatorRun): FinishedStep[] =>
  run.events
    .filter((event) => event['type'] === 'step.finished')
    .map((event) => ({
      at: Date.parse(String(event['at'])),
      title: String(event['title']),
      milliseconds: Number(event['milliseconds']),
    }));

/** What the operators did and when. */
export const timelineOf = (results: readonly CourseResult[]): TimelineEntry[] =>
  results.flatMap(({ step, run }) => [
    { at: run.startedAtMilliseconds, text: `cutover ${step.verb}${step.readsOnly ? '' : ' --execute'}` },
    ...finishedSteps(run).map(({ at, title, milliseconds }) => ({ at, text: `    ${title} (${milliseconds} ms)` })),
    { at: run.finishedAtMilliseconds, text: `    exit code ${run.exitCode ?? run.signal ?? 'none'}` },
  ]);

/** The parts of each switch that the clients felt, from the run that made it. */
export const partsOfSwitches = (judgement: Judgement, runs: readonly OperatorRun[]): SwitchParts[] =>
  judgement.switches.map((felt) => {
    const run = runs.find((each) => each.verb === felt.verb && each.startedAtMilliseconds === felt.from);
    return run ? partsOf(finishedSteps(run)) : {};
  });
