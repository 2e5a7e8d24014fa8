/**
 * Kills operators at the effects' boundaries of switch and roll-back on real engines, and recovers each time.
 *
 * Usage: npm run crash -- [--all] [--seed N] [--cases N]
 *   --all      every boundary with each recovery; without it a sample
 *   --seed N   which sample, and where recoveries die as well; printed, so that a run can be repeated
 *   --cases N  size of the sample (default 24)
 */
import { parseArgs } from 'node:util';
import { casesOf, sampleOf } from './boundary';
import { runMatrix } from './matrix';

const { values } = parseArgs({
  options: { all: { type: 'boolean' }, seed: { type: 'string' }, cases: { type: 'string', default: '24' } },
});
const seed = Number(values.seed ?? Date.now() % 100_000);
const count = Number(values.cases);
if (!Number.isInteger(seed) || !Number.isInteger(count) || count < 1)
  throw new Error(`--seed ${values.seed} --cases ${values.cases}: allowed are whole numbers, for cases above 0`);

const say = (line: string) => void process.stdout.write(`${line}\n`);
say(`seed ${seed} (repeat with: npm run crash -- ${values.all ? '--all ' : `--cases ${count} `}--seed ${seed})`);
void runMatrix({
  choose: (boundaries) => {
    const cases = casesOf(boundaries, seed);
    return sampleOf(cases, values.all ? cases.length : count, seed);
  },
  casesPerWorld: 30,
  say,
}).then(({ tried, wrong }) => {
  say(`${tried} cases, ${wrong.length} wrong`);
  for (const each of wrong) say(`- ${each}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
});
