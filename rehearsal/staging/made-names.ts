import type { Scenario } from '../scenarios/scenario';
import type { Side } from '../shapes/shape';

/** What a rehearsal remembers on a running server of what it made and found there, until it has taken everything away. */
export const notesSchema = 'rehearsal_notes';

/** Schemas (databases of a MySQL server) that a rehearsal makes, or the runbooks and the replicator in it. */
export const madeSchemas = [
  'cutover_local',
  'cutover_flow',
  'awsdms_control',
  'rehearsal_ledger',
  'rehearsal_probe',
] as const;

/** Accounts of the procedures and of replication: not those that a deployed migration has on the same servers. */
export const ownAccounts = { runbook: 'rehearsal_runbook', replication: 'rehearsal_replication' } as const;

/** The account that `start` proves its fence on. MySQL cuts names at 32 characters, PostgreSQL at 63. */
const canary = (migration: string, side: Side): string =>
  `cutover_canary_${migration.replace(/[^A-Za-z0-9_]/g, '_')}`.slice(0, side === 'source' ? 32 : 63);

/** Every account that stands on a side for as long as the rehearsal lasts. */
export function madeAccounts({ name, accounts }: Scenario, side: Side): string[] {
  const { runbook, replication } = ownAccounts;
  return [...new Set([runbook, replication, ...accounts.write, ...accounts.read, canary(name, side)])];
}

/** Slots that the procedures make on a PostgreSQL side. */
export function madeSlots({ name }: Scenario): string[] {
  const migration = name.replaceAll('-', '_');
  return [`cutover_${migration}_forward`, `cutover_${migration}_reverse`, `cutover_verify_${migration}`];
}

/** Only one rehearsal at a time on a pair of servers: its name as a lock of both. */
export const rehearsalLock = 'cutover rehearsal';
