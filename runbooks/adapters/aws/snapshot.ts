import type { Clock } from '../../ports/clock';
import type { Effect } from '../../ports/effect';
import type { AwsClients } from './clients';
import { during } from './during';
import { poll } from './polling';

/** A snapshot of a large database takes long; beyond this somebody should look. */
const deadlineSeconds = 6 * 3600;

const nameIs =
  (...names: string[]) =>
  (error: unknown) =>
    error instanceof Error && names.includes(error.name);
const notThere = nameIs('DBSnapshotNotFound', 'DBSnapshotNotFoundFault', 'DBClusterSnapshotNotFoundFault');
const alreadyThere = nameIs(
  'DBSnapshotAlreadyExists',
  'DBSnapshotAlreadyExistsFault',
  'DBClusterSnapshotAlreadyExistsFault',
);

/** A manual snapshot of an instance, or of its whole cluster where it belongs to one (Aurora knows no other). */
export function takeSnapshot(
  clients: AwsClients,
  clock: Clock,
  instanceIdentifier: string,
  snapshotIdentifier: string,
): Effect {
  const clusterOf = async (signal: AbortSignal): Promise<string | undefined> => {
    const { sdk, client } = await clients.rds();
    const input = { DBInstanceIdentifier: instanceIdentifier };
    const answer = await during(signal, (options) => client.send(new sdk.DescribeDBInstancesCommand(input), options));
    return answer.DBInstances?.[0]?.DBClusterIdentifier;
  };

  const status = async (signal: AbortSignal): Promise<string | undefined> => {
    const { sdk, client } = await clients.rds();
    try {
      if ((await clusterOf(signal)) === undefined) {
        const input = { DBSnapshotIdentifier: snapshotIdentifier };
        const answer = await during(signal, (options) =>
          client.send(new sdk.DescribeDBSnapshotsCommand(input), options),
        );
        return answer.DBSnapshots?.[0]?.Status;
      }
      const input = { DBClusterSnapshotIdentifier: snapshotIdentifier };
      const answer = await during(signal, (options) =>
        client.send(new sdk.DescribeDBClusterSnapshotsCommand(input), options),
      );
      return answer.DBClusterSnapshots?.[0]?.Status;
    } catch (error) {
      if (notThere(error)) return undefined;
      throw error;
    }
  };

  const create = async (signal: AbortSignal): Promise<void> => {
    const { sdk, client } = await clients.rds();
    const cluster = await clusterOf(signal);
    await during(signal, async (options) => {
      if (cluster === undefined) {
        const input = { DBInstanceIdentifier: instanceIdentifier, DBSnapshotIdentifier: snapshotIdentifier };
        await client.send(new sdk.CreateDBSnapshotCommand(input), options);
      } else {
        const input = { DBClusterIdentifier: cluster, DBClusterSnapshotIdentifier: snapshotIdentifier };
        await client.send(new sdk.CreateDBClusterSnapshotCommand(input), options);
      }
    });
  };

  return {
    name: `snapshot-${instanceIdentifier}`,
    touches: `RDS snapshot ${snapshotIdentifier} of ${instanceIdentifier}`,
    precheck: async (signal) => (await status(signal)) === 'available',
    act: async (signal) => {
      if ((await status(signal)) !== undefined) return;
      await create(signal).catch((error: unknown) => {
        // Made by this very call, whose answer was lost.
        if (!alreadyThere(error)) throw error;
      });
    },
    verify: (signal) =>
      poll({ clock, what: `snapshot ${snapshotIdentifier}`, deadlineSeconds, signal }, async () => {
        const found = await status(signal);
        if (found === 'available') return true;
        if (found === undefined || found === 'creating') return undefined;
        throw new Error(`snapshot ${snapshotIdentifier} of ${instanceIdentifier} is ${found}`);
      }),
  };
}
