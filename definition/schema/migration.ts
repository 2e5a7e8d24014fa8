import { z } from 'zod';
import { accountsSchema, writerSchema } from './accounts';
import { alarmsSchema } from './alarms';
import { gatesSchema } from './gates';
import { recordSchema } from './records';
import { replicationSchema } from './replication';
import { sourceSchema, targetSchema } from './side';
import { tablesSchema, transformationSchema, waiverSchema } from './tables';
import { timingSchema } from './timing';

/** One database on the move. */
export const migrationSchema = z.strictObject({
  source: sourceSchema.describe('the database that serves today'),
  target: targetSchema.describe('the RDS or Aurora database that shall serve'),
  accounts: accountsSchema.describe('who logs in to the databases'),
  writers: z
    .array(writerSchema)
    .default([])
    .describe('writers that DNS does not move: workers, cron, queue consumers, batch jobs'),
  tables: tablesSchema.describe('what moves'),
  transformations: z.array(transformationSchema).default([]).describe('what is not the same on both sides'),
  waivers: z.array(waiverSchema).default([]).describe('findings that are accepted by name'),
  replication: replicationSchema.prefault({}).describe('AWS DMS'),
  records: z.array(recordSchema).min(1, 'at least one: what would be switched otherwise?').describe('weighted names'),
  gates: gatesSchema.prefault({}).describe('limits that the gates of the procedures hold'),
  alarms: alarmsSchema.prefault({}).describe('thresholds of the alarms'),
  timing: timingSchema.prefault({}).describe('windows and deadlines of the procedures'),
});

export type Migration = z.output<typeof migrationSchema>;
export type MigrationInput = z.input<typeof migrationSchema>;
export type RecordDefinition = Migration['records'][number];
export type Transformation = Migration['transformations'][number];
