import { readArguments, usage, type RehearsalArguments } from './arguments';
import { UnusableScript } from './databases/script/run-script';
import { invitation, writePracticeFile } from './practice';
import { renderReport } from './judge/report';
import { resultOf } from './judge/result';
import { orInterrupted } from './course';
import { stagingTimes } from './rehearsal-environment';
import { progressTo } from './progress';
import { refusalLines } from './refusal';
import { rehearse, Refused } from './rehearse';
import { findMysqlServer, NoMysqlServer } from './engines/mysql-binaries';
import { changesEngine } from './scenarios/scenario';
import { admitted, NotAdmitted } from './staging/admission';
import { answersOf, type Answers } from './staging/confirmation';
import { UnusableStaging, withoutPasswords } from './staging/staging-url';
import type { RehearsalWorld } from './world';

/** Ctrl-C, SIGTERM, or the end of standard input where it is the lifeline of whoever started us and nothing more. */
function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  const end = (why: string) => () => controller.abort(new Error(`interrupted: ${why}`));
  process.on('SIGINT', end('SIGINT'));
  process.on('SIGTERM', end('SIGTERM'));
  if (process.env['CUTOVER_LIFELINE']) {
    process.stdin.on('end', end('whoever started this is gone')).on('error', end('standard input failed'));
    process.stdin.resume();
  }
  return controller.signal;
}

// The judge reads the journal through the SDK, which warns of this Node version on every start.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** What is typed: where standard input is the lifeline, the launcher's own stands behind it. */
const terminal = process.env['CUTOVER_LIFELINE'] ? 3 : 0;
let typed: Answers | undefined;
const answers = (): Answers => (typed ??= answersOf(terminal));

/** Shows what to type, and waits for Enter or the end of what is typed. */
async function practice(world: RehearsalWorld): Promise<void> {
  process.stderr.write(`${invitation(world, writePracticeFile(world))}\n`);
  await answers()();
}

async function main(args: readonly string[]): Promise<number> {
  let given: RehearsalArguments;
  try {
    given = readArguments(args);
    // Before anything is started: without it there is nothing to rehearse.
    if (changesEngine(given.scenario) && !given.running) await findMysqlServer(given.mysqlServer);
  } catch (error) {
    const explained = error instanceof NoMysqlServer || error instanceof UnusableStaging;
    process.stderr.write(`${withoutPasswords((error as Error).message)}\n${explained ? '' : `${usage}\n`}`);
    return 2;
  }
  const { scenario, json, practises, mysqlServer } = given;
  const signal = untilInterrupted();
  try {
    const say = (text: string) => process.stderr.write(text);
    const running = given.running && (await orInterrupted(admitted(given.running, scenario, { say, answers }), signal));
    const { summary, timeline, results } = await rehearse({
      scenario,
      mysqlServer,
      ...(running ? { running, times: stagingTimes } : {}),
      signal,
      progress: progressTo(json),
      ...(practises ? { practice } : {}),
    });
    for (const { run, asExpected } of results)
      if (!asExpected)
        process.stderr.write(`cutover ${run.verb} ended with exit code ${run.exitCode}\n${run.standardError}\n`);
    if (json) process.stdout.write(`${JSON.stringify(resultOf(summary))}\n`);
    else process.stdout.write(`${renderReport(summary, [...timeline])}\n`);
    const refused = results.flatMap(({ run, asExpected }) => (asExpected ? [] : refusalLines(run)));
    if (refused.length > 0 && !json) process.stdout.write(`${refused.join('\n')}\n`);
    return summary.outcome === 'passed' ? 0 : 1;
  } catch (error) {
    if (error instanceof UnusableScript || error instanceof UnusableStaging || error instanceof NotAdmitted) {
      process.stderr.write(`${error.message}\n`);
      return error instanceof NotAdmitted ? error.exitCode : 2;
    }
    if (error instanceof Refused || error instanceof AggregateError) {
      process.stderr.write(`${error.message}\n`);
      return 1;
    }
    process.stderr.write(
      `${signal.aborted ? (signal.reason as Error).message : ((error as Error).stack ?? String(error))}\n`,
    );
    return signal.aborted ? 130 : 1;
  }
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
