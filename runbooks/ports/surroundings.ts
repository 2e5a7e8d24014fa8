import type { Effect } from './effect';

/** What AWS says about the surroundings of a migration. */
export interface Surroundings {
  /** The account that the credentials belong to. */
  callerAccount(signal: AbortSignal): Promise<string>;
  /** Alarms in state ALARM (or missing) of those the definition names. */
  ringingAlarms(names: readonly string[], signal: AbortSignal): Promise<string[]>;
  /** Automated backup retention of an RDS instance in days; absent when it is not an RDS database. */
  backupRetentionDays(instanceIdentifier: string, signal: AbortSignal): Promise<number | undefined>;
  /** When the current version of a secret was made; milliseconds since 1970. */
  secretChangedAtMilliseconds(secretId: string, signal: AbortSignal): Promise<number>;
  /** A manual snapshot; `verify` waits until it is available. */
  takeSnapshot(instanceIdentifier: string, snapshotIdentifier: string): Effect;
}

/** Tells people who are not at the terminal. A failure to notify never stops a procedure. */
export interface Notifier {
  notify(message: { title: string; text: string; threadId: string; nextSteps: string[] }): Effect;
}
