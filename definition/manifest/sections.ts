/**
 * What the runbooks read. One SSM parameter per section, under `/cutover/<environment>/<migration>/manifest/<section>`.
 * All durations are in seconds. Names of things in AWS are ARNs or identifiers exactly as the API takes them.
 */
import { z } from 'zod';

/** Raised whenever a section changes its meaning; runbooks refuse every other version. */
export const manifestVersion = 1;

const text = z.string().min(1);
const seconds = z.number().nonnegative();
const socketAddress = z.string().regex(/^[^\s]+:\d+$/, 'host:port');

const identity = z.object({
  manifestVersion: z.literal(manifestVersion),
  environment: text,
  kind: z.enum(['development', 'staging', 'production']),
  migration: text,
  account: z.string().regex(/^\d{12}$/, 'a 12-digit AWS account'),
  region: text,
});

const side = z.object({
  engine: z.enum(['postgres', 'aurora-postgresql', 'mysql', 'mariadb', 'aurora-mysql', 'oracle', 'sqlserver']),
  majorVersion: text,
  host: text.describe('where the runbooks connect: a name or an address'),
  port: z.number().int().min(1).max(65535),
  database: text,
  tlsServerName: text.describe('the name that the server certificate must carry'),
  certificateAuthority: z.union([
    z.object({ pem: text }),
    z.object({ file: text.describe('path of a PEM bundle, from the project root') }),
  ]),
  runbookSecretId: text.describe('Secrets Manager: {"username","password"} of the runbook account'),
  instanceIdentifier: z.string().optional().describe('RDS identifier, where the side is an RDS database'),
});

const databases = z.object({ source: side, target: side });

const login = z.object({ name: text, secretId: text });
const accounts = z.object({
  write: z.array(login).min(1),
  read: z.array(login),
  allowed: z.array(text).describe('accounts that the fence leaves alone: replication, monitoring, administration'),
});

const command = z.array(text).min(1).describe('program and arguments; no shell');
const writers = z.object({
  writers: z.array(
    z.object({ name: text, pause: command, resume: command, prove: command.describe('exit 0 only when paused') }),
  ),
});

const column = { table: text, column: text };
const transformation = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rename-schema'), schema: text, to: text }),
  z.object({ kind: z.literal('rename-table'), table: text, to: text }),
  z.object({ kind: z.literal('rename-column'), ...column, to: text }),
  z.object({ kind: z.literal('change-type'), ...column, type: text, length: z.number().optional() }),
  z.object({ kind: z.literal('microseconds-to-interval'), ...column, to: text }),
  z.object({ kind: z.literal('convert-column'), ...column, to: text, forward: text, reverse: text }),
  z.object({ kind: z.literal('drop-column'), ...column }),
  z.object({ kind: z.literal('add-column'), ...column }),
]);
const tables = z.object({
  include: z.array(z.string().regex(/^[^.]+\.[^.]+$/, 'schema.table, % as wildcard')).min(1),
  exclude: z.array(text),
  waivers: z.array(z.object({ table: text, check: text, reason: text })),
  transformations: z.array(transformation).optional().describe('what is not the same on both sides; absent: nothing'),
});

const task = z.object({ arn: text, identifier: text });
const replication = z.object({
  instanceArn: text,
  load: task,
  forward: task,
  reverse: task,
  forwardSlot: text,
  reverseSlot: text,
  controlSchema: text.describe('where DMS keeps awsdms_apply_exceptions on the side it writes to'),
  batchApply: z.boolean(),
  metricPeriodSeconds: seconds,
});

const route = z.object({
  setIdentifier: text,
  value: text,
  weightParameter: text.describe('SSM parameter that owns the weight for later deploys'),
});
const record = z.object({
  name: text,
  kind: z.enum(['read', 'write']),
  level: z
    .enum(['database', 'application'])
    .optional()
    .describe('what the name fronts: the databases, or the application stacks; absent: the databases'),
  ttlSeconds: z.number().int().positive(),
  source: route,
  target: route,
});
const routing = z.object({
  zoneId: text,
  visibility: z.enum(['public', 'private']),
  authoritativeServers: z.array(socketAddress).describe('asked directly; empty for a private zone'),
  resolver: socketAddress.optional().describe('the resolver that clients use; absent: the system’s'),
  stackNames: z.array(text).describe('stacks whose update must not be in progress'),
  records: z.array(record).min(1),
});

const gates = z.object({
  maxLagSeconds: seconds,
  lagWindowSeconds: seconds,
  maxMarkerRoundTripSeconds: seconds,
  maxOpenTransactionSeconds: seconds,
  maxWritePauseSeconds: seconds,
  undoReserveSeconds: seconds.optional().describe('part of the pause that is kept back for opening the old side again'),
  maxVerificationAgeSeconds: seconds,
  consistencyHoldSeconds: seconds,
  maxTtlSeconds: z.number().int().positive(),
  maxPropagationSeconds: seconds,
  sequenceHeadroom: z.number().int().positive(),
  minSequenceRoomPercent: z.number().min(0).max(100),
  minBackupRetentionDays: z.number().int().nonnegative(),
  alarmNames: z.array(text),
});

const timing = z.object({
  rollbackWindowSeconds: seconds,
  bakeSeconds: seconds,
  readShiftPercents: z.array(z.number().int().min(1).max(100)).min(1),
  readShiftBakeSeconds: seconds,
  drainTimeoutSeconds: seconds,
  taskTimeoutSeconds: seconds.describe('how long a DMS task may take to start or stop'),
  fullLoadTimeoutSeconds: seconds,
  leaseSeconds: seconds,
});

const journal = z.object({ bucket: text });
const notifications = z.object({ topicArn: z.string().optional() });

export const manifestSections = {
  identity,
  databases,
  accounts,
  writers,
  tables,
  replication,
  routing,
  gates,
  timing,
  journal,
  notifications,
};

export const manifestSchema = z.object(manifestSections);
export type Manifest = z.infer<typeof manifestSchema>;
export type SectionName = keyof typeof manifestSections;

export type SideName = 'source' | 'target';
export type Direction = 'forward' | 'reverse';
export type RecordManifest = z.infer<typeof record>;
export type SideManifest = z.infer<typeof side>;
