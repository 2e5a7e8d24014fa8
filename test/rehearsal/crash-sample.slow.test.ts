import { casesOf } from '../crash/boundary';
import { runMatrix } from '../crash/matrix';

/** Just after a fence and just after the decisions of both directions; `npm run crash` tries the others. */
const chosen = [
  ['fence-source#1:after', 'resume'],
  ['decide-open-target#1:after', 'abort'],
  ['decide-open-source#1:after', 'resume'],
];
const secondDeath = '*#6:before';

it('recovers from the death of the operator in both directions, on real engines, whoever dies once more', async () => {
  const lines: string[] = [];
  const report = await runMatrix({
    choose: (boundaries) =>
      casesOf(boundaries, 1).flatMap(({ boundary, recovery }) => {
        const index = chosen.findIndex(([place, verb]) => place === boundary.place && verb === recovery);
        return index < 0 ? [] : [{ boundary, recovery, ...(index === 0 ? { secondDeath } : {}) }];
      }),
    casesPerWorld: chosen.length,
    say: (line) => lines.push(line),
  });
  expect({ wrong: report.wrong, tried: report.tried, lines }).toMatchObject({ wrong: [], tried: chosen.length });
  for (const effect of ['route-to-target', 'open-target', 'open-source'])
    for (const moment of ['before', 'after'])
      expect(report.boundaries.map(({ place }) => place)).toContain(`${effect}#1:${moment}`);
}, 240_000);
