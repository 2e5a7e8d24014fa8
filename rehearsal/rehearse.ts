import { differingDurations } from '../definition/differing-durations';
import { followAdvice } from './advice';
import { untilCaughtUp } from './catch-up';
import { endingOf, fullCourse, orInterrupted, runCourse, type CourseResult, type CourseStep } from './course';
import type { CloudPace } from './endpoint-contents';
import { gatherEvidence } from './evidence';
import { judge } from './judge/judge';
import type { RehearsalSummary } from './judge/result';
import type { TimelineEntry } from './judge/report';
import type { Line } from './processes/output-lines';
import { baseMigration, type RehearsalTimes } from './rehearsal-environment';
import type { Scenario } from './scenarios/scenario';
import { refusalLines } from './refusal';
import { shapeOf } from './shapes/of-scenario';
import { ScenarioFaults } from './scenario-faults';
import { onRunningServers } from './staging/running-shape';
import type { StagingPair } from './staging/staging-pair';
import { partsOfSwitches, timelineOf } from './timeline';
import { startWorld, type RehearsalWorld } from './world';

/** The first look found why nothing can be rehearsed here: the message says what to do. */
export class Refused extends Error {}

/** What a rehearsal says while it runs. */
export interface Progress {
  stage(text: string): void;
  operator(verb: string, event: Line): void;
  second(line: Line): void;
}

export interface RehearseOptions {
  readonly scenario: Scenario;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly course?: readonly CourseStep[];
  /** In place of a course: people are at work until it resolves. */
  readonly practice?: (world: RehearsalWorld) => Promise<void>;
  readonly pace?: CloudPace;
  readonly times?: RehearsalTimes;
  /** Writes before the first runbook and after the last: what is measured has a steady state on both ends. */
  readonly settleMilliseconds?: number;
  /** Tests wire broken operators here. */
  readonly operatorCommand?: readonly string[];
  readonly engineSettings?: Readonly<Record<string, string>>;
  readonly mysqlServer?: string;
  /** Servers of somebody's own, in place of those that are started. */
  readonly running?: StagingPair;
  /** Looks at the world before it is taken down. */
  readonly beforeClose?: (world: RehearsalWorld, results: readonly CourseResult[]) => Promise<void>;
}

export interface RehearsalEnd {
  readonly summary: RehearsalSummary;
  readonly timeline: readonly TimelineEntry[];
  readonly results: readonly CourseResult[];
}

/** A slow cloud, though faster than AWS: name servers that follow late, tasks that start and stop with leisure. */
export const defaultPace: CloudPace = {
  propagationMilliseconds: [200, 700, 1300, 2000],
  taskStartSeconds: 2,
  taskStopSeconds: 1,
};

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });

/** One rehearsal from empty folder to empty folder. What it started it ends, whatever happens. */
export async function rehearse(options: RehearseOptions): Promise<RehearsalEnd> {
  const { scenario, signal, progress, course = fullCourse, pace = defaultPace, settleMilliseconds = 2_000 } = options;
  const began = Date.now();
  progress.stage(
    options.running
      ? `starting the cloud ${onRunningServers(options.running).engines}`
      : `starting ${shapeOf(scenario).engines}, the cloud, and the schema of ${scenario.name}`,
  );
  let faults: ScenarioFaults | undefined;
  const befall = async (moment: string) => {
    for (const what of (await faults?.befall(moment)) ?? []) progress.stage(`goes wrong at ${what}`);
  };
  // A first look, for what check generates: what it refuses is said when it is asked in earnest.
  let isFirstLook = true;
  const world = await startWorld({
    scenario,
    pace,
    times: options.times,
    operatorCommand: options.operatorCommand,
    onOperatorEvent: (verb, event) => {
      if (!isFirstLook) progress.operator(verb, event);
      const { type, part } = event;
      if (type === 'step.started' && typeof part === 'string') void befall(`${verb}:${part}`);
    },
    onSecond: (line) => progress.second(line),
    engineSettings: options.engineSettings,
    mysqlServer: options.mysqlServer,
    running: options.running,
    onRemark: (text) => progress.stage(text),
  });
  try {
    signal.throwIfAborted();
    faults = new ScenarioFaults(world);
    for (const remark of world.preparation.remarks) progress.stage(remark);
    for (const { path, from, to } of differingDurations(
      baseMigration(scenario),
      world.definition.migrations[scenario.name],
    ))
      progress.stage(`shorter than in the definition: ${path} ${String(from)} → ${String(to)}`);
    for (const text of await orInterrupted(followAdvice(world), signal)) progress.stage(text);
    isFirstLook = false;
    await befall('begin');
    await world.startWorkload().catch((error: Error) => {
      const refused = world.operator.runs.flatMap(refusalLines);
      // Clients of databases that do not fit each other may well find no way to write.
      throw refused.length === 0
        ? error
        : new Refused([...refused, '', `No client could begin: ${error.message}`].join('\n'));
    });
    progress.stage(`${scenario.workload.clients} clients write`);
    await pause(settleMilliseconds, signal);
    const results = options.practice
      ? await orInterrupted(options.practice(world), signal).then(() => [])
      : await runCourse(world.operator, course, signal, async ({ verb }) => {
          await befall(verb);
          progress.stage(`operator: cutover ${verb}`);
        });
    await pause(settleMilliseconds, signal);
    await world.stopWorkload();
    await untilCaughtUp(world);
    progress.stage('clients have stopped; the judge reads ledger and engines');
    const judgement = await judge(await gatherEvidence(world));
    // People are their own judges of how their runbooks should have ended.
    const ending = options.practice ? scenario.expected.outcome : endingOf(course, results);
    const faultsNotHappened = faults.notHappened();
    const held = Object.values(judgement.invariants).every((finding) => finding.verdict !== 'violated');
    await options.beforeClose?.(world, results);
    return {
      summary: {
        migration: scenario.name,
        outcome: ending === scenario.expected.outcome && faultsNotHappened.length === 0 && held ? 'passed' : 'failed',
        ending,
        expected: scenario.expected.outcome,
        faultsNotHappened,
        durationSeconds: (Date.now() - began) / 1000,
        judgement,
        parts: partsOfSwitches(judgement, world.operator.runs),
      },
      timeline: timelineOf(results),
      results,
    };
  } finally {
    await world.close();
  }
}
