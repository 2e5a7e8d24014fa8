import { manifestVersion, type Manifest } from '../../../definition/manifest/sections';

const side = (name: string) => ({
  engine: 'postgres' as const,
  majorVersion: '17',
  host: name,
  port: 5432,
  database: 'app',
  tlsServerName: name,
  certificateAuthority: { pem: 'x' },
  runbookSecretId: name,
});
const task = (name: string) => ({ arn: `arn:${name}`, identifier: name });
const record = (kind: 'read' | 'write') => ({
  name: `${kind}.example.com`,
  kind,
  ttlSeconds: 1,
  source: { setIdentifier: 'source', value: 'source.example.com', weightParameter: `/${kind}/source` },
  target: { setIdentifier: 'target', value: 'target.example.com', weightParameter: `/${kind}/target` },
});

/** A migration small enough to be simulated thousands of times. */
export const simulatedManifest: Manifest = {
  identity: {
    manifestVersion,
    environment: 'simulation',
    kind: 'development',
    migration: 'app',
    account: '000000000000',
    region: 'eu-central-1',
  },
  databases: { source: side('source'), target: side('target') },
  accounts: { write: [{ name: 'app', secretId: 'app' }], read: [], allowed: [] },
  writers: { writers: [] },
  tables: { include: ['public.%'], exclude: [], waivers: [], transformations: [] },
  replication: {
    instanceArn: 'arn:instance',
    load: task('load'),
    forward: task('forward'),
    reverse: task('reverse'),
    forwardSlot: 'forward',
    reverseSlot: 'reverse',
    controlSchema: 'awsdms_control',
    batchApply: false,
    metricPeriodSeconds: 1,
  },
  routing: {
    zoneId: 'Z',
    visibility: 'public',
    authoritativeServers: ['127.0.0.1:53'],
    stackNames: [],
    records: [record('write'), record('read')],
  },
  gates: {
    maxLagSeconds: 60,
    lagWindowSeconds: 0.2,
    maxMarkerRoundTripSeconds: 60,
    maxOpenTransactionSeconds: 10,
    maxWritePauseSeconds: 600,
    undoReserveSeconds: 1,
    maxVerificationAgeSeconds: 100_000,
    consistencyHoldSeconds: 0,
    maxTtlSeconds: 5,
    maxPropagationSeconds: 1,
    sequenceHeadroom: 10,
    minSequenceRoomPercent: 1,
    minBackupRetentionDays: 0,
    alarmNames: [],
  },
  timing: {
    rollbackWindowSeconds: 100,
    bakeSeconds: 0.2,
    readShiftPercents: [50, 100],
    readShiftBakeSeconds: 0.1,
    drainTimeoutSeconds: 600,
    taskTimeoutSeconds: 600,
    fullLoadTimeoutSeconds: 600,
    leaseSeconds: 3600,
  },
  journal: { bucket: 'b' },
  notifications: {},
};
