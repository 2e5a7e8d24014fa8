import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { familyOf, isAurora } from '../../definition/engines';
import type { Migration } from '../../definition/schema/migration';
import { databaseMetric, largestOf, replicationHostMetric, taskMetric } from './metrics';

/** One thing that is watched: what is measured, from where on it is bad, and what it means to a person on call. */
export interface Watched {
  readonly id: string;
  readonly metric: cloudwatch.IMetric;
  readonly bad: 'above' | 'below';
  readonly threshold: number;
  readonly meaning: string;
  /** What silence means. A task that reports nothing does not replicate. */
  readonly silence: 'bad' | 'unknown';
}

export interface WatchedProps {
  readonly migration: Migration;
  readonly instanceIdentifier: string;
  readonly taskArns: string[];
  readonly targetIdentifier: string;
}

const gibibytes = (count: number) => count * 1024 ** 3;
const mebibytes = (count: number) => count * 1024 ** 2;

function replication({ migration, instanceIdentifier, taskArns }: WatchedProps): Watched[] {
  const { alarms } = migration;
  const { serverlessLoad } = migration.replication;
  const tasks = taskArns.map((arn) => taskMetric(instanceIdentifier, arn));
  const host = replicationHostMetric(instanceIdentifier);
  const latency = (metricName: string): cloudwatch.IMetric =>
    largestOf(
      tasks.map((metric) => metric(metricName)),
      metricName,
    );
  const common = { silence: 'bad' as const };
  // While a serverless load alone replicates, these tasks are silent, and rightly so; the gates measure its lag themselves.
  const ofTasks = { silence: serverlessLoad ? ('unknown' as const) : ('bad' as const) };
  return [
    {
      ...ofTasks,
      id: 'LatencySource',
      metric: latency('CDCLatencySource'),
      bad: 'above',
      threshold: alarms.latencySeconds,
      meaning: 'changes are read late from the primary, or no task of any direction runs',
    },
    {
      ...ofTasks,
      id: 'LatencyTarget',
      metric: latency('CDCLatencyTarget'),
      bad: 'above',
      threshold: alarms.latencySeconds,
      meaning: 'changes are applied late on the other side, or no task of any direction runs',
    },
    {
      ...common,
      id: 'ReplicationMemory',
      metric: host('FreeableMemory', 'Minimum'),
      bad: 'below',
      threshold: mebibytes(alarms.minFreeMemoryMiB),
      meaning: 'the replication instance runs out of memory; read it together with its swap',
    },
    {
      ...common,
      id: 'ReplicationSwap',
      metric: host('SwapUsage'),
      bad: 'above',
      threshold: mebibytes(alarms.maxSwapMiB),
      meaning: 'the replication instance swaps: latency follows',
    },
    {
      ...common,
      id: 'ReplicationStorage',
      metric: host('FreeStorageSpace', 'Minimum'),
      bad: 'below',
      threshold: gibibytes(alarms.minFreeStorageGiB),
      meaning: 'changes that wait for apply fill the disk; when it is full DMS stops reading',
    },
  ];
}

function target({ migration, targetIdentifier }: WatchedProps): Watched[] {
  const { alarms } = migration;
  const { engine, readers } = migration.target;
  const cluster = isAurora(engine);
  const database = databaseMetric(targetIdentifier, cluster);
  const storage: Watched = {
    id: 'TargetStorage',
    // A cluster's volume grows by itself; its members keep temporary files on local disks.
    metric: database(cluster ? 'FreeLocalStorage' : 'FreeStorageSpace', 'Minimum'),
    bad: 'below',
    threshold: gibibytes(alarms.minFreeStorageGiB),
    meaning: 'the target runs out of disk',
    silence: cluster ? 'unknown' : 'bad',
  };
  const lag: Watched = {
    id: 'ReplicaLag',
    metric: database('AuroraReplicaLagMaximum'),
    bad: 'above',
    // Milliseconds (Amazon Aurora User Guide, "Amazon CloudWatch metrics for Amazon Aurora").
    threshold: alarms.replicaLagSeconds * 1000,
    meaning: 'readers of the target answer with old data',
    silence: 'unknown',
  };
  return [
    {
      id: 'TargetCpu',
      metric: database('CPUUtilization', 'Average'),
      bad: 'above',
      threshold: alarms.targetCpuPercent,
      meaning: 'the target has no room for the load that a switch brings',
      silence: 'bad',
    },
    {
      id: 'TargetConnections',
      metric: database('DatabaseConnections'),
      bad: 'above',
      threshold: alarms.targetConnections,
      meaning: 'pools open more connections than they should',
      silence: 'bad',
    },
    storage,
    ...(cluster && readers > 0 ? [lag] : []),
  ];
}

/** What an idle slot keeps, or what the binlog keeps: it grows while nobody reads it. */
function retainedLogs({ migration, targetIdentifier }: WatchedProps): Watched[] {
  const { source, alarms } = migration;
  const sides = [
    { id: 'Source', engine: source.engine, identifier: source.instanceIdentifier, cluster: false },
    {
      id: 'Target',
      engine: migration.target.engine,
      identifier: targetIdentifier,
      cluster: isAurora(migration.target.engine),
    },
  ];
  return sides.flatMap(({ id, engine, identifier, cluster }): Watched[] => {
    if (identifier === undefined) return [];
    const family = familyOf(engine);
    if (family !== 'postgres' && family !== 'mysql') return [];
    const metric = databaseMetric(identifier, cluster);
    return [
      {
        id: `${id}RetainedLog`,
        metric: metric(family === 'postgres' ? 'OldestReplicationSlotLag' : 'BinLogDiskUsage'),
        bad: 'above',
        threshold: gibibytes(alarms.maxRetainedLogGiB),
        meaning: `the ${id.toLowerCase()} keeps log that nobody reads; it fills the disk`,
        silence: 'unknown',
      },
    ];
  });
}

export const watched = (props: WatchedProps): Watched[] => [
  ...replication(props),
  ...target(props),
  ...retainedLogs(props),
];
