import { z } from 'zod';
import type { EngineName } from '../../../definition/engines';

const count = z.number().nonnegative();

const tableStatistics = z.looseObject({
  schema: z.string(),
  table: z.string(),
  /** As DMS words it: `Before load`, `Full load`, `Table completed`, `Table error`, … */
  state: z.string(),
  inserts: count.default(0),
  updates: count.default(0),
  deletes: count.default(0),
  ddls: count.default(0),
  appliedInserts: count.default(0),
  appliedUpdates: count.default(0),
  appliedDeletes: count.default(0),
  fullLoadRows: count.default(0),
  /** Epoch seconds. */
  lastUpdateTime: z.number().optional(),
});

/** What the replicator says. One JSON object a line. */
export const replicatorMessage = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('hello') }),
  z.looseObject({
    type: z.literal('status'),
    taskArn: z.string(),
    status: z.enum(['starting', 'running', 'stopping', 'stopped', 'failed']),
    stopReason: z.string().nullish(),
    message: z.string().nullish(),
    recoveryCheckpoint: z.string().nullish(),
    fullLoadProgressPercent: z.number().nullish(),
  }),
  z.looseObject({
    type: z.literal('statistics'),
    taskArn: z.string(),
    tables: z.array(tableStatistics),
    fullLoadProgressPercent: z.number().nullish(),
  }),
  z.looseObject({
    type: z.literal('metrics'),
    taskArn: z.string(),
    sourceLatencySeconds: count,
    targetLatencySeconds: count,
    incomingChanges: count,
  }),
]);

export type ReplicatorMessage = z.infer<typeof replicatorMessage>;
export type StatusMessage = Extract<ReplicatorMessage, { type: 'status' }>;
export type MetricsMessage = Extract<ReplicatorMessage, { type: 'metrics' }>;
export type TableCounters = z.infer<typeof tableStatistics>;

/** How the replicator reaches one side: the endpoint's settings with its secret filled in. */
export interface Connection {
  readonly engine: EngineName;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly tlsServerName: string;
  readonly caCertificatePem: string;
  readonly slotName?: string | undefined;
  readonly afterConnectScript?: string | undefined;
}

/** A task as the replicator is to run it. */
interface TaskOrder {
  readonly arn: string;
  readonly identifier: string;
  readonly migrationType: string;
  readonly startType: string;
  readonly cdcStartPosition?: string | undefined;
  readonly tableMappings: string;
  readonly settings: string;
  readonly source: Connection;
  readonly target: Connection;
  readonly checkpoint?: string | undefined;
}

/** What the endpoint says to the replicator. */
export type EndpointMessage =
  | { type: 'start'; task: TaskOrder }
  | { type: 'stop'; taskArn: string }
  | { type: 'fault'; fault: Record<string, unknown> };
