import { casesOf, sampleOf } from '../crash/boundary';
import { runMatrix } from '../crash/matrix';

/** `npm run crash` draws other ones, and with `--all` every one. */
const seed = 7;
const cases = 4;

it('survives the death of the operator at boundaries of switch and roll-back, on real engines', async () => {
  const lines: string[] = [];
  const report = await runMatrix({
    choose: (boundaries) => sampleOf(casesOf(boundaries, seed, 3), cases, seed),
    casesPerWorld: cases,
    say: (line) => lines.push(line),
  });
  expect({ ...report, wrong: report.wrong, boundaries: report.boundaries.length, lines }).toMatchObject({
    wrong: [],
    tried: cases,
  });
  for (const effect of ['fence-source', 'route-to-target', 'decide-open-target', 'open-target', 'fence-target'])
    for (const moment of ['before', 'after'])
      expect(report.boundaries.map(({ place }) => place)).toContain(`${effect}#1:${moment}`);
});
