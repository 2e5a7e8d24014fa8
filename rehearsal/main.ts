import { isAbsolute, resolve } from 'node:path';
import { UnusableScript } from './databases/script/run-script';
import { renderReport } from './judge/report';
import { resultOf } from './judge/result';
import { progressTo } from './progress';
import { rehearse } from './rehearse';
import { loadScenario, scenarioNames, type Scenario } from './scenarios/scenario';

const usage = `usage: cutover rehearse [MIGRATION | FOLDER] [--json]
  MIGRATION  one of ${scenarioNames().join(', ')}
  FOLDER     a folder of your own with schema.sql, and seed.sql and scenario.json if you like`;

/** A folder is meant from where the operator stands, not from where this program runs. */
function findScenario(name: string): Scenario {
  if (scenarioNames().includes(name)) return loadScenario(name);
  const from = process.env['CUTOVER_CALLED_FROM'] ?? process.cwd();
  return loadScenario(isAbsolute(name) ? name : resolve(from, name));
}

/** Ctrl-C, SIGTERM, or the end of standard input where it is the lifeline of whoever started us. */
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

async function main(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  const [name = 'billing', ...rest] = args.filter((each) => each !== '--json');
  if (rest.length > 0 || name.startsWith('-')) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  let scenario: Scenario;
  try {
    scenario = findScenario(name);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}\n`);
    return 2;
  }
  const signal = untilInterrupted();
  try {
    const { summary, timeline, results } = await rehearse({ scenario, signal, progress: progressTo(json) });
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
