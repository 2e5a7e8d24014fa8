/**
 * Kills operators at the effects' boundaries of switch and roll-back on real engines, and recovers each time.
 *
 * Usage: npm run crash -- [--scenario NAME] [--dies WHO] [--at PLACE] [--all] [--seed N] [--cases N] [--mysql PATH]
 *   --scenario NAME  tiny (PostgreSQL alone, the default) or tiny-shop (MySQL or MariaDB to PostgreSQL)
 *   --dies WHO       operator (the default); source or target: the server of that side, and the operator goes on without
 *   --at PLACE       only boundaries whose place holds this, e.g. fence-source or statement
 *   --all            every boundary with each recovery; without it a sample
 *   --seed N         which sample, and where recoveries die as well; printed, so that a run can be repeated
 *   --cases N        size of the sample (default 24)
 *   --mysql PATH     a MySQL or MariaDB server, in place of that on the PATH
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadScenario } from '../../rehearsal/scenarios/scenario';
import { casesOf, sampleOf, type Mortal } from './boundary';
import { runMatrix } from './matrix';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'tiny' },
    dies: { type: 'string', default: 'operator' },
    at: { type: 'string', default: '' },
    all: { type: 'boolean' },
    seed: { type: 'string' },
    cases: { type: 'string', default: '24' },
    mysql: { type: 'string' },
  },
});
const { scenario, at, mysql } = values;
const seed = Number(values.seed ?? Date.now() % 100_000);
const count = Number(values.cases);
if (!Number.isInteger(seed) || !Number.isInteger(count) || count < 1)
  throw new Error(`--seed ${values.seed} --cases ${values.cases}: allowed are whole numbers, for cases above 0`);
const mortals: readonly string[] = ['operator', 'source', 'target'] satisfies Mortal[];
if (!mortals.includes(values.dies)) throw new Error(`--dies ${values.dies}: allowed are ${mortals.join(', ')}`);
const dies = values.dies as Mortal;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const asked = [`--scenario ${scenario}`, `--dies ${dies}`, at && `--at ${at}`, mysql && `--mysql ${mysql}`];
const size = values.all ? '--all' : `--cases ${count}`;
say(`seed ${seed} (repeat with: npm run crash -- ${asked.filter(Boolean).join(' ')} ${size} --seed ${seed})`);
void runMatrix({
  place: { scenario: loadScenario(join(__dirname, '..', 'rehearsal', 'scenarios', scenario)), mysqlServer: mysql },
  choose: (boundaries) => {
    // A server may die at any time; what is recovered is what is under way.
    const fitting = boundaries.filter(
      ({ place, isUnderWay }) => place.includes(at) && (dies === 'operator' || isUnderWay),
    );
    const cases = casesOf(fitting, seed, dies);
    return sampleOf(cases, values.all ? cases.length : count, seed);
  },
  casesPerWorld: 30,
  say,
}).then(({ tried, wrong }) => {
  say(`${tried} cases, ${wrong.length} wrong`);
  for (const each of wrong) say(`- ${each}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
});
