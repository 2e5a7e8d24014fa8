import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { windowsOfJournal, writePracticeFile } from '../../rehearsal/practice';
import { smallRehearsal, violated } from './small-rehearsal';

const run = promisify(execFile);
const confirmed = '--execute --confirm rehearsal';

it('people reach the world from a shell of their own, whatever that shell held before', async () => {
  let said = '';
  const end = await smallRehearsal({
    course: [],
    practice: async (world) => {
      const script = `. ${writePracticeFile(world)}; cutover start tiny --environment rehearsal ${confirmed}; echo "$RESOLVER"`;
      const env = { PATH: process.env['PATH'], AWS_PROFILE: 'production', https_proxy: 'http://proxy.example:3128' };
      said = (await run('/bin/bash', ['-c', script], { env })).stdout;
    },
  });
  expect(said).toMatch(/start: done\nprimary: source; writes accepted by: source\nnext: .*\n127\.[\d.]+:\d+\n$/);
  expect([end.summary.outcome, violated(end)]).toEqual(['passed', []]);
});

it('a run that nobody watched lasts from its first record in the journal to its last', () => {
  const record = (run_: string, number: number, at: string, more: object = {}) => ({
    key: `journal/rehearsal/tiny/${run_}/0000000${number}.json`,
    body: JSON.stringify({ type: 'effect.intent', at, ...more }),
  });
  const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
  expect(
    windowsOfJournal([
      record('b', 1, at(5), { type: 'run.started', verb: 'resume' }),
      record('a', 2, at(3)),
      record('a', 1, at(1), { type: 'run.started', verb: 'switch' }),
      record('b', 2, at(6)),
    ]),
  ).toEqual([
    { verb: 'switch', from: Date.parse(at(1)), until: Date.parse(at(3)) },
    { verb: 'resume', from: Date.parse(at(5)), until: Date.parse(at(6)) },
  ]);
});
