import { loadScenario } from '../../rehearsal/scenarios/scenario';
import { describeWhereMysqlIs } from '../mysql-server';
import { smallRehearsal } from './small-rehearsal';

const found = [
  ['orders-zero-date', /orders\.customer\.birth_date: 2 rows .*zero or partial dates/],
  ['orders-strange-enum', /orders\.purchase\.status: 2 rows .*no label of the target/],
  ['orders-case-twins', /orders\.customer\.email: 2 rows .*takes for equal/],
] as const;

describeWhereMysqlIs('the check of a source with', (mysqlServer) => {
  it.each(found)('%s refuses, and names the rows', async (name, says) => {
    const course = [{ verb: 'check', readsOnly: true, expectedExitCode: 0 }];
    const { summary, results } = await smallRehearsal({ scenario: loadScenario(name), course, mysqlServer });
    expect(summary).toMatchObject({ outcome: 'passed', ending: 'refused', faultsNotHappened: [] });
    const texts = results[0]?.run.events.filter(({ code }) => code === 'data-does-not-fit').map(({ text }) => text);
    expect(texts).toEqual([expect.stringMatching(says)]);
  });
});
