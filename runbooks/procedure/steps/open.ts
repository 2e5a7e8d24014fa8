import { until, within } from '../deadline';
import type { SwitchRun } from '../migration-run';
import type { Step } from '../step';

export const open = ({ to }: SwitchRun): Step => ({
  title: `Open the ${to.side}: unlock the accounts`,
  touches: `login of the application's accounts on the ${to.side}`,
  part: 'open',
  act: (perform) => perform(to.gate.open()),
});

/** As the application would: through the record's name, with its own account. */
export const proveWrite = ({ world, to }: SwitchRun): Step => ({
  title: `Prove it with a write on the ${to.side} through the record’s name`,
  touches: `one row of proof on the ${to.side}`,
  act: async (perform, signal) => {
    const side = world.manifest.databases[to.side];
    const record = world.manifest.routing.records.find((each) => each.kind === 'write');
    const wanted = record?.[to.side].value;
    const limit = world.manifest.gates.maxPropagationSeconds + (record?.ttlSeconds ?? 0) + 5;
    const host = record
      ? await within(world.clock, limit, `${record.name} answering with the ${to.side}`, signal, (inner) =>
          until(world.clock, 100, inner, async () => {
            const answer = await world.names.resolve(record.name, inner);
            return answer.endpoint === wanted ? (answer.addresses[0] ?? side.host) : undefined;
          }),
        )
      : side.host;
    await perform(to.gate.proveWrite({ host, port: side.port }));
  },
});

export const resumeWriters = ({ world, to }: SwitchRun): Step => ({
  title: 'Resume the writers that DNS does not move',
  touches: world.writers.map((writer) => writer.name).join(', ') || 'none declared',
  act: async (perform) => {
    for (const writer of world.writers) await perform(writer.resume(to.side));
  },
});
