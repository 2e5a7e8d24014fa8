import { readFileSync } from 'node:fs';
import { clearAway } from './clear-away';
import type { StagingPair } from './staging-pair';

/** What the guardian runs when a rehearsal on running servers was killed: `clear-away-process.ts CONFIGURATION`. */
async function main(file: string): Promise<void> {
  const { pair, slots } = JSON.parse(readFileSync(file, 'utf8')) as { pair: StagingPair; slots: string[] };
  await clearAway(pair, slots);
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
