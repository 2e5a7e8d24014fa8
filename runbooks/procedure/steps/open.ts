import type { RecordManifest } from '../../../definition/manifest/sections';
import { until, within } from '../deadline';
import type { SwitchRun } from '../migration-run';
import type { Step } from '../step';

export const open = ({ to }: SwitchRun): Step => ({
  title: `Open the ${to.side}: unlock the accounts`,
  touches: `login of the application's accounts on the ${to.side}`,
  part: 'open',
  act: (perform) => perform(to.gate.open()),
});

/** The address that a write record answers with, once it leads to the side that has opened. */
async function answerOf({ world, to }: SwitchRun, record: RecordManifest, signal: AbortSignal): Promise<string[]> {
  const wanted = record[to.side].value;
  const limit = world.manifest.gates.maxPropagationSeconds + record.ttlSeconds + 5;
  return within(world.clock, limit, `${record.name} answering with the ${to.side}`, signal, (inner) =>
    until(world.clock, 100, inner, async () => {
      const answer = await world.names.resolve(record.name, inner);
      return answer.endpoint === wanted ? [...answer.addresses] : undefined;
    }),
  );
}

/**
 * With the application's own accounts. Through the record's name where that fronts the databases; where it fronts the
 * application stacks the name must lead to the right stack, and the proof goes to the side's own database.
 */
export const proveWrite = (run: SwitchRun): Step => {
  const { world, to } = run;
  const writes = world.manifest.routing.records.filter((record) => record.kind === 'write');
  const isDirect = writes.every((record) => record.level === 'application');
  return {
    title: isDirect
      ? `Prove that the name leads to the ${to.side}’s stack, and its database with a write`
      : `Prove it with a write on the ${to.side} through the record’s name`,
    touches: `one row of proof on the ${to.side}`,
    act: async (perform, signal) => {
      const { host, port } = world.manifest.databases[to.side];
      let through: string | undefined;
      for (const record of writes) {
        if (record.level !== 'application' && through !== undefined) continue;
        const [address] = await answerOf(run, record, signal);
        if (record.level !== 'application') through = address ?? host;
      }
      await perform(to.gate.proveWrite({ host: through ?? host, port }));
    },
  };
};

export const resumeWriters = ({ world, to }: SwitchRun): Step => ({
  title: 'Resume the writers that DNS does not move',
  touches: world.writers.map((writer) => writer.name).join(', ') || 'none declared',
  act: async (perform) => {
    for (const writer of world.writers) await perform(writer.resume(to.side));
  },
});
