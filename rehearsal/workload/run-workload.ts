import { setMaxListeners } from 'node:events';
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { pause } from './clock';
import type { Statistics } from './statistics';

/** Clients, observers and the ledger that they write. */
export interface RunnableWorkload {
  readonly clients: number;
  readonly statistics: Statistics;
  /** Sets everything going. */
  start(signal: AbortSignal): Promise<{ tables: number; skipped: string[] }>;
  /** After the signal: waits for what is in hand, but not for ever, and closes the ledger. */
  finished(): Promise<void>;
}

/**
 * The process of a workload. Prints NDJSON: `ready`, one `second` per second, `stopped` with the totals. Ends on SIGTERM
 * or at the end of stdin.
 */
export function runWorkload(make: () => RunnableWorkload): void {
  run(make).then(
    () => process.exit(0),
    (error: Error) => {
      process.stderr.write(`${inspect(error)}\n`);
      process.exit(1);
    },
  );
}

async function run(make: () => RunnableWorkload): Promise<void> {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  process.once('SIGTERM', () => stop.abort());
  process.once('SIGINT', () => stop.abort());
  process.stdin.on('end', () => stop.abort()).on('error', () => stop.abort());
  process.stdin.resume();

  const workload = make();
  const { tables, skipped } = await workload.start(stop.signal);
  for (const sentence of skipped) process.stderr.write(`not written to: ${sentence}\n`);
  print({ type: 'ready', clients: workload.clients, tables, skipped });

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
