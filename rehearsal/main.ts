import { readArguments, usage, type RehearsalArguments } from './arguments';
import { UnusableScript } from './databases/script/run-script';
import { invitation, writePracticeFile } from './practice';
import { renderReport } from './judge/report';
import { resultOf } from './judge/result';
import { progressTo } from './progress';
import { rehearse } from './rehearse';
import { findMysqlServer, NoMysqlServer } from './engines/mysql-binaries';
import { changesEngine } from './scenarios/scenario';
import type { RehearsalWorld } from './world';

/** Ctrl-C, SIGTERM, or the end of standard input where it is the lifeline of whoever started us and nothing more. */
function untilInterrupted(practice: boolean): AbortSignal {
  const controller = new AbortController();
  const end = (why: string) => () => controller.abort(new Error(`interrupted: ${why}`));
  process.on('SIGINT', end('SIGINT'));
  process.on('SIGTERM', end('SIGTERM'));
  if (process.env['CUTOVER_LIFELINE'] && !practice) {
    process.stdin.on('end', end('whoever started this is gone')).on('error', end('standard input failed'));
    process.stdin.resume();
  }
  return controller.signal;
}

// The judge reads the journal through the SDK, which warns of this Node version on every start.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** Shows what to type, and waits for Enter or the end of standard input. */
async function practice(world: RehearsalWorld): Promise<void> {
  process.stderr.write(`${invitation(world, writePracticeFile(world))}\n`);
  await new Promise<void>((resolve) => {
    process.stdin.once('data', () => resolve());
    process.stdin.once('end', () => resolve());
  });
  process.stdin.pause();
}

async function main(args: readonly string[]): Promise<number> {
  let given: RehearsalArguments;
  try {
    given = readArguments(args);
    // Before anything is started: without it there is nothing to rehearse.
    if (changesEngine(given.scenario)) await findMysqlServer(given.mysqlServer);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${error instanceof NoMysqlServer ? '' : `${usage}\n`}`);
    return 2;
  }
  const { scenario, json, practises, mysqlServer } = given;
  const signal = untilInterrupted(practises);
  try {
    const { summary, timeline, results } = await rehearse({
      scenario,
      mysqlServer,
      signal,
      progress: progressTo(json),
      ...(practises ? { practice } : {}),
    });
    for (const { run, asExpected } of results)
      if (!asExpected)
        process.stderr.write(`cutover ${run.verb} ended with exit code ${run.exitCode}\n${run.standardError}\n`);
    if (json) process.stdout.write(`${JSON.stringify(resultOf(summary))}\n`);
    else process.stdout.write(`${renderReport(summary, [...timeline])}\n`);
    return summary.outcome === 'passed' ? 0 : 1;
  } catch (error) {
    if (error instanceof UnusableScript) {
      process.stderr.write(`${error.message}\n`);
      return 2;
    }
    process.stderr.write(
      `${signal.aborted ? (signal.reason as Error).message : ((error as Error).stack ?? String(error))}\n`,
    );
    return signal.aborted ? 130 : 1;
  }
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
