import { z } from 'zod';
import { engineNames, targetEngineNames } from '../engines';
import { hostName, port, text } from './words';

const certificateAuthority = z.union([
  z.strictObject({ file: text.describe('path of a PEM bundle, from the project root') }),
  z.strictObject({ pem: text.describe('the certificates themselves') }),
]);

export const sourceSchema = z.strictObject({
  engine: z.enum(engineNames).describe('what serves today'),
  version: text.describe('full version, as the server reports it'),
  host: hostName.describe('the database itself, never a weighted record'),
  port: port.optional().describe('absent: the port that is usual for the engine'),
  database: text.describe('name of the database'),
  tlsServerName: hostName.optional().describe('name in the server certificate; absent: `host`'),
  certificateAuthority: certificateAuthority
    .optional()
    .describe('who signed the server certificate, always verified in full; absent: `certificates/<region>-bundle.pem`'),
  secretKeyArn: text.optional().describe('KMS key of the secrets of the source, where it is one of your own'),
  instanceIdentifier: text.optional().describe('RDS identifier, where the source is an RDS database'),
  runbookSecretId: text.optional().describe('absent: `cutover/<environment>/<migration>/source/runbook`'),
  replicationSecretId: text
    .optional()
    .describe(
      'secret with username, password, host, port; absent: `cutover/<environment>/<migration>/source/replication`',
    ),
});

const serverless = z.strictObject({
  minCapacityUnits: z
    .number()
    .min(0.5, 'at least 0.5: a database that pauses cannot serve')
    .max(256, 'at most 256')
    .describe('smallest Aurora capacity'),
  maxCapacityUnits: z.number().min(1, 'at least 1').max(256, 'at most 256').describe('largest Aurora capacity'),
});

export const targetSchema = z.strictObject({
  engine: z.enum(targetEngineNames).describe('what shall serve'),
  version: text.describe('full version; RDS takes it literally'),
  port: port.optional().describe('absent: the port that is usual for the engine'),
  database: text.optional().describe('absent: as on the source'),
  certificateAuthority: certificateAuthority
    .optional()
    .describe('bundle that the RDS certificate verifies against; absent: `certificates/<region>-bundle.pem`'),
  caCertificateIdentifier: text.default('rds-ca-rsa2048-g1').describe('certificate authority that RDS signs with'),
  instanceClass: z
    .string()
    .regex(/^[a-z0-9]+\.[a-z0-9]+$/, 'an instance class without "db.", as r7g.large')
    .default('r7g.large')
    .describe('size of the instance, or of each member of an Aurora cluster'),
  serverless: serverless.optional().describe('Aurora Serverless v2 instead of `instanceClass`'),
  readers: z.number().int().min(0).max(15).default(1).describe('readers of an Aurora cluster; other engines: unused'),
  storageGiB: z.number().int().min(20, 'at least 20 GiB').default(100).describe('storage of an RDS instance'),
  maxStorageGiB: z.number().int().min(20).default(1000).describe('where storage autoscaling ends'),
  multiAz: z.boolean().default(true).describe('a standby in a second zone'),
  backupRetentionDays: z.number().int().min(1).max(35).default(14).describe('days of point-in-time recovery'),
  deletionProtection: z.boolean().default(true).describe('RDS refuses to delete the database'),
  performanceInsightsDays: z
    .union([z.literal(7), z.literal(93), z.literal(731)])
    .default(7)
    .describe('retention'),
  parameters: z.record(text, text).default({}).describe('engine parameters beside those that replication needs'),
  runbookSecretId: text.optional().describe('absent: `cutover/<environment>/<migration>/target/runbook`, created'),
  replicationSecretId: text
    .optional()
    .describe('absent: `cutover/<environment>/<migration>/target/replication`, created'),
});
