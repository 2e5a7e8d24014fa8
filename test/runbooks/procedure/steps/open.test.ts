import type { RecordManifest } from '../../../../definition/manifest/sections';
import type { Database } from '../../../../runbooks/ports/database';
import type { World } from '../../../../runbooks/ports/world';
import { DeadlineError } from '../../../../runbooks/procedure/deadline';
import type { SwitchRun } from '../../../../runbooks/procedure/migration-run';
import { proveWrite } from '../../../../runbooks/procedure/steps/open';
import { simulatedManifest } from '../../simulation/simulated-manifest';
import { FakeClock } from '../fakes';

const never = new AbortController().signal;

/** Where the proof of a switch to the target goes, when names answer with these endpoints one after the other. */
async function proofOf(levels: (RecordManifest['level'] | undefined)[], endpoints: string[]) {
  const manifest = structuredClone(simulatedManifest);
  const [write] = manifest.routing.records.filter(({ kind }) => kind === 'write');
  if (!write) throw new Error('no write record');
  manifest.routing.records = levels.map((level, index) => ({ ...write, name: `${index}.example.com`, level }));
  const asked: string[] = [];
  const proven: string[] = [];
  const to = {
    side: 'target',
    gate: {
      proveWrite: ({ host, port }: { host: string; port: number }) => {
        proven.push(`${host}:${port}`);
        return {};
      },
    },
  } as unknown as Database;
  const names = {
    resolve: async (name: string) => {
      asked.push(name);
      const endpoint = endpoints.length > 1 ? endpoints.shift() : endpoints[0];
      return { server: 'resolver', endpoint, addresses: ['192.0.2.7'] };
    },
  };
  const world = { manifest, names, clock: new FakeClock() } as unknown as World;
  const step = proveWrite({ world, to } as unknown as SwitchRun);
  await step.act(async () => undefined, never);
  return {
    title: step.title,
    proven,
    asked,
    direct: `${manifest.databases.target.host}:${manifest.databases.target.port}`,
  };
}

test('a record that fronts the databases is proven through its name, once it answers with the side', async () => {
  const { title, proven, asked } = await proofOf([undefined], ['source.example.com', 'target.example.com']);
  expect(title).toContain('through the record’s name');
  expect(proven).toEqual([expect.stringMatching(/^192\.0\.2\.7:\d+$/)]);
  expect(asked).toHaveLength(2);
});

test('a record that fronts the application stacks must lead to the right one, and the proof goes to the database itself', async () => {
  const { title, proven, asked, direct } = await proofOf(['application'], ['source.example.com', 'target.example.com']);
  expect(title).toContain('stack');
  expect(proven).toEqual([direct]);
  expect(asked).toHaveLength(2);
});

test('a stack’s name that goes on leading to the other side proves nothing', async () => {
  await expect(proofOf(['application'], ['source.example.com'])).rejects.toThrow(DeadlineError);
});

test('with records of both levels every stack’s name is asked, and the proof goes through the databases’ name', async () => {
  const { proven, asked } = await proofOf(['application', 'database'], ['target.example.com']);
  expect(proven).toEqual([expect.stringMatching(/^192\.0\.2\.7:/)]);
  expect(asked).toEqual(['0.example.com', '1.example.com']);
});
