import { casesAt } from '../crash/boundary';
import { runMatrix } from '../crash/matrix';
import { tinyScenario } from './small-rehearsal';

/** Just after a fence and just after the decisions of both directions; `npm run crash` tries the others. */
const chosen = [
  { place: 'fence-source#1:after', recovery: 'resume', secondDeath: '*#6:before' },
  { place: 'decide-open-target#1:after', recovery: 'abort' },
  { place: 'decide-open-source#1:after', recovery: 'resume' },
] as const;

it('recovers from the death of the operator in both directions, on real engines, whoever dies once more', async () => {
  const lines: string[] = [];
  const report = await runMatrix({
    place: { scenario: tinyScenario() },
    choose: (boundaries) => casesAt(boundaries, chosen),
    casesPerWorld: chosen.length,
    say: (line) => lines.push(line),
  });
  expect({ wrong: report.wrong, tried: report.tried, lines }).toMatchObject({ wrong: [], tried: chosen.length });
  for (const effect of ['route-to-target', 'open-target', 'open-source'])
    for (const moment of ['before', 'after'])
      expect(report.boundaries.map(({ place }) => place)).toContain(`${effect}#1:${moment}`);
}, 240_000);
