import { ScenarioFaults } from '../../rehearsal/scenario-faults';
import { scenarioFault } from '../../rehearsal/scenarios/scenario-fault';
import type { RehearsalWorld } from '../../rehearsal/world';
import { tinyScenario } from './small-rehearsal';

/** A world with nothing but a cloud that takes every fault. */
function worldWith(...faults: object[]) {
  const sent: unknown[] = [];
  const cloud = {
    send: (message: unknown) => void sent.push(message),
    stdoutLines: async function* () {
      yield { type: 'fault.added' };
    },
  };
  const scenario = { ...tinyScenario(), faults: faults.map((each) => scenarioFault.parse(each)) };
  return { sent, faults: new ScenarioFaults({ scenario, cloud } as unknown as RehearsalWorld) };
}

const slow = (taskArn: string) => ({
  kind: 'replicator',
  fault: { kind: 'delay-apply', milliseconds: 100, taskArn },
});

test('a fault happens at its moment, once; a task goes by its name', async () => {
  const { sent, faults } = worldWith(
    { when: 'switch:drain', fault: slow('forward') },
    { fault: { kind: 'never-insync' } },
  );
  expect(await faults.befall('begin')).toEqual(['begin: {"kind":"never-insync","active":true}']);
  expect(faults.notHappened()).toEqual(['switch:drain: this moment never came']);
  expect(await faults.befall('switch')).toEqual([]);
  await faults.befall('switch:drain');
  await faults.befall('switch:drain');
  expect(sent).toMatchObject([
    { fault: { kind: 'never-insync' } },
    { fault: slow(expect.stringMatching(/^arn:aws:dms:.*FORWARD$/) as string) },
  ]);
  expect(faults.notHappened()).toEqual([]);
});

test('what could not be done is not taken for done', async () => {
  const { faults } = worldWith({ when: 'switch', side: 'target', sql: 'SELECT 1' });
  expect(await faults.befall('switch')).toEqual([]);
  expect(faults.notHappened()).toEqual([expect.stringMatching(/^switch: on the target: SELECT 1: /)]);
});

test.each([
  [{ when: 'Switch', fault: { kind: 'never-insync' } }],
  [{ fault: { kind: 'meteor' } }],
  [{ side: 'target', sql: '' }],
])('%j is not a fault', (fault) => {
  expect(scenarioFault.safeParse(fault).success).toBe(false);
});
