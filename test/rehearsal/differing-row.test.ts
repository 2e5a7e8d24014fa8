import { Client } from 'pg';
import type { OperatorRun } from '../../rehearsal/operator';
import { beforeSwitch, smallRehearsal, tinyScenario, violated } from './small-rehearsal';
import { postgresOf } from '../../rehearsal/engines/any-engine';

const lastOf = (run: OperatorRun | undefined) => run?.events.findLast((event) => event['type'] === 'run.finished');

const scenario = {
  ...tinyScenario(),
  faults: [{ when: 'switch', side: 'target' as const, sql: "UPDATE owners SET name = name || ' ' WHERE id = 7" }],
  expected: { outcome: 'unwound' as const },
};

it('a row that differs stops a switch before the fence, by its key; the next one asks for a clean verification', async () => {
  const end = await smallRehearsal({
    scenario,
    course: [...beforeSwitch, { verb: 'switch', expectedExitCode: 0 }],
    beforeClose: async ({ operator, engines }, results) => {
      const run = results.at(-1)?.run;
      expect(run?.exitCode).toBe(5);
      expect(run?.events.find((event) => event['code'] === 'data-differs')?.['text']).toContain('owners key (7)');
      expect(run?.events.some((event) => event['part'] === 'fence')).toBe(false);
      expect(lastOf(run)).toMatchObject({ primary: 'source', writesAccepted: 'source' });

      const refused = await operator.execute('switch');
      expect(refused.exitCode).toBe(3);
      expect(refused.events.some((event) => event['code'] === 'verification-not-clean')).toBe(true);

      const client = new Client({ ...postgresOf(engines.target).superuser, database: scenario.database });
      await client.connect();
      await client.query('UPDATE owners SET name = rtrim(name) WHERE id = 7').finally(() => client.end());
      expect((await operator.execute('verify')).exitCode).toBe(0);
    },
  });
  expect(end.summary).toMatchObject({ outcome: 'passed', ending: 'unwound', faultsNotHappened: [] });
  expect(violated(end)).toEqual([]);
});
