import { join } from 'node:path';
import { loadScenario } from '../../rehearsal/scenarios/scenario';
import { casesAt } from '../crash/boundary';
import { runMatrix } from '../crash/matrix';
import { describeWhereMysqlIs } from '../mysql-server';

/** In the middle of what MySQL commits statement by statement, and with a server that takes the run's sessions with it. */
const chosen = [
  { place: 'fence-source#1:statement-4', recovery: 'resume' },
  { place: 'decide-open-target#1:before', recovery: 'abort', dies: 'source', absence: 'long' },
  { place: 'decide-open-target#1:after', recovery: 'abort', dies: 'target' },
  { place: 'open-source#1:statement-3', recovery: 'resume', dies: 'source', absence: 'long' },
] as const;

describeWhereMysqlIs('a change of the engine', (mysqlServer) => {
  it('recovers from the death of the operator, and of either server, and loses nothing', async () => {
    const lines: string[] = [];
    const report = await runMatrix({
      place: { scenario: loadScenario(join(__dirname, 'scenarios', 'tiny-shop')), mysqlServer },
      choose: (boundaries) => casesAt(boundaries, chosen),
      casesPerWorld: chosen.length,
      say: (line) => lines.push(line),
    });
    expect({ wrong: report.wrong, tried: report.tried, lines }).toMatchObject({ wrong: [], tried: chosen.length });
  }, 1_200_000);
});
