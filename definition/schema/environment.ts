import { z } from 'zod';
import { migrationSchema } from './migration';
import { hostedZoneSchema, networkSchema } from './network';
import { shortName, text } from './words';

const notificationsSchema = z.strictObject({
  emails: z.array(z.email('an e-mail address')).default([]).describe('who is told of alarms and of each step'),
  chatSubscriptions: z
    .array(z.string().regex(/^https:\/\//, 'an https address'))
    .default([])
    .describe('https endpoints that are subscribed to the topic'),
});

const journalSchema = z.strictObject({
  objectLockDays: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('the journal cannot be deleted for so many days, by nobody; absent: versioned only'),
  retentionDays: z.number().int().min(30).default(400).describe('days until old versions of the journal expire'),
});

const runbookAccessSchema = z.strictObject({
  principalArns: z
    .array(z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:/, 'an IAM role or user ARN'))
    .default([])
    .describe('who may take the roles, beside the account itself with MFA'),
  githubRepository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, 'owner/name')
    .optional()
    .describe('repository whose protected GitHub environment may take the roles through OIDC'),
});

/** An AWS account and region with its migrations. */
export const environmentSchema = z.strictObject({
  name: shortName.describe('name of the environment; it is typed to confirm every change'),
  kind: z.enum(['development', 'staging', 'production']).describe('decides the minimums that bind'),
  account: z
    .string()
    .regex(/^\d{12}$/, 'a 12-digit AWS account')
    .describe('AWS account'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region, as eu-central-1')
    .describe('AWS region'),
  network: networkSchema.describe('where the target and the replication live'),
  hostedZone: hostedZoneSchema.describe('zone of the weighted records'),
  notifications: notificationsSchema.prefault({}).describe('who is told'),
  journal: journalSchema.prefault({}).describe('bucket of the journal'),
  runbookAccess: runbookAccessSchema.prefault({}).describe('who may run the runbooks'),
  dmsRoles: z
    .enum(['create-if-absent', 'exist'])
    .default('create-if-absent')
    .describe('`dms-vpc-role` and `dms-cloudwatch-logs-role`, of which an account has one each'),
  tags: z.record(text, text).default({}).describe('tags of everything that is deployed'),
  migrations: z.record(shortName, migrationSchema).describe('migrations by name'),
});

export type Environment = z.output<typeof environmentSchema>;
export type EnvironmentInput = z.input<typeof environmentSchema>;
export type EnvironmentKind = Environment['kind'];
