import { z } from 'zod';
import { engineNames } from '../../definition/engines';

const connection = z.object({
  engine: z.enum(engineNames).exclude(['oracle', 'sqlserver']),
  host: z.string(),
  port: z.int().positive(),
  database: z.string(),
  username: z.string(),
  password: z.string(),
  /** The name that the server's certificate must carry. */
  tlsServerName: z.string(),
  caCertificatePem: z.string(),
  slotName: z.string().nullish(),
  /** SQL that runs at once on every connection to a target. */
  afterConnectScript: z.string().nullish(),
});
export type Connection = z.infer<typeof connection>;

const task = z.object({
  arn: z.string().min(1),
  identifier: z.string().min(1),
  migrationType: z.enum(['full-load', 'cdc', 'full-load-and-cdc']),
  startType: z.enum(['start-replication', 'resume-processing', 'reload-target']),
  cdcStartPosition: z.string().nullish(),
  tableMappings: z.string(),
  settings: z.string(),
  source: connection,
  target: connection,
  checkpoint: z.string().nullish(),
});
export type TaskRequest = z.infer<typeof task>;

/** What the endpoint may say on the control connection: NDJSON, one message a line. */
export const command = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), task }),
  z.object({ type: z.literal('stop'), taskArn: z.string() }),
  z.object({ type: z.literal('fault'), fault: z.looseObject({}) }),
]);

/** What the replicator says. `stopReason` is DMS's own text: "Stop Reason NORMAL" and so on. */
export type Report =
  | { type: 'hello' }
  | {
      type: 'status';
      taskArn: string;
      status: 'starting' | 'running' | 'stopping' | 'stopped' | 'failed';
      stopReason?: string;
      message?: string;
      recoveryCheckpoint?: string;
      fullLoadProgressPercent?: number;
    }
  | { type: 'statistics'; taskArn: string; tables: unknown[]; fullLoadProgressPercent: number }
  | {
      type: 'metrics';
      taskArn: string;
      sourceLatencySeconds: number;
      targetLatencySeconds: number;
      incomingChanges: number;
    };
