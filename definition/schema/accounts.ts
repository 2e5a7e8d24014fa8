import { z } from 'zod';
import { accountName, command, text } from './words';

const login = z.strictObject({
  name: accountName.describe('name of the account, the same on both sides'),
  secretId: text.optional().describe('absent: `cutover/<environment>/<migration>/accounts/<name>`'),
});

export const accountsSchema = z.strictObject({
  write: z
    .array(login)
    .min(1, 'at least one: who would be fenced otherwise?')
    .describe('accounts that may write; they are fenced'),
  read: z.array(login).default([]).describe('accounts that may only read; without one, reads cannot be shifted'),
  allowed: z
    .array(accountName)
    .default([])
    .describe(
      'accounts that the fence leaves alone, beside runbook, replication, master and rdsadmin: monitoring, administration',
    ),
  master: accountName.default('cutover_master').describe('master account of the target'),
  runbook: accountName.default('cutover_runbook').describe('account of the runbooks, on both sides'),
  replication: accountName.default('cutover_replication').describe('account of the replication, on both sides'),
});

export const writerSchema = z.strictObject({
  name: text.describe('what stands in the output'),
  pause: command.describe('stops it writing; must be safe to run twice'),
  resume: command.describe('lets it write again; must be safe to run twice'),
  prove: command.describe('exits 0 only when it is paused'),
});
