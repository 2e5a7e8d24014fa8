import { setMaxListeners } from 'node:events';
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { loadScenario } from '../scenarios/scenario';
import { readConfiguration } from './configuration';
import { pause } from './clock';
import { Workload } from './workload';

/**
 * The workload process: `node …/workload/main.ts CONFIGURATION.json`.
 * Prints NDJSON: `ready`, one `second` per second, `stopped` with the totals. Ends on SIGTERM or at the end of stdin.
 */
async function main(): Promise<void> {
  const configuration = readConfiguration(process.argv[2] ?? '');
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  process.once('SIGTERM', () => stop.abort());
  process.once('SIGINT', () => stop.abort());
  process.stdin.on('end', () => stop.abort()).on('error', () => stop.abort());
  process.stdin.resume();

  const workload = new Workload(configuration, loadScenario(configuration.scenarioFolder));
  const { tables, skipped } = await workload.start(stop.signal);
  for (const sentence of skipped) process.stderr.write(`not written to: ${sentence}\n`);
  print({ type: 'ready', clients: configuration.clients, tables, skipped });

  while (!stop.signal.aborted) {
    const second = Math.floor(Date.now() / 1000);
    // A little longer, since a timer may fire early and would then name the same second twice.
    await pause((second + 1) * 1000 - Date.now() + 2, stop.signal);
    print({ type: 'second', at: second, ...workload.statistics.takeSecond() });
  }
  await workload.finished();
  print({ type: 'stopped', ...workload.statistics.total });
}

function print(line: Record<string, unknown>): void {
  try {
    writeSync(1, `${JSON.stringify(line)}\n`);
  } catch {
    // The parent is gone; so shall this process be, as its stdin ends.
  }
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`${inspect(error)}\n`);
    process.exit(1);
  },
);
