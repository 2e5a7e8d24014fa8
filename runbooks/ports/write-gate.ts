import type { Effect } from './effect';
import type { Reason } from './reason';

export interface WriteGateReading {
  /** Application accounts (declared `write`) that can log in: one is enough for the side to be open. */
  readonly unlockedAccounts: readonly string[];
  /** Accounts that a fence of ours has locked, as recorded on this side in the transaction that locked them. */
  readonly fencedAccounts: readonly string[];
  /** Declared accounts that do not exist on this side. */
  readonly missingAccounts: readonly string[];
}

/** What lets the application's accounts write on one side. Effects refuse an epoch that is not the side's own. */
export interface WriteGate {
  read(signal: AbortSignal): Promise<WriteGateReading>;
  /**
   * Locks every login account outside the allow-list and records which, in one transaction. Read accounts stay.
   * With `adoptsLocked` the declared write accounts that are locked already are recorded too: a team creates them so on
   * the target, and the open unlocks them.
   */
  fence(options?: { adoptsLocked: boolean }): Effect;
  /** Ends the sessions of every account outside the allow-list and the read accounts. */
  endSessions(): Effect;
  /** Unlocks exactly the accounts that the fence recorded, in one transaction. */
  open(): Effect;
  /**
   * Proves the fence from outside: sessions gone, older transactions gone, prepared transactions none, and a login with
   * each write account's real credentials refused by the lock itself. Waits (polls) until proven or aborted.
   * @returns the first reason that still stands, or undefined when proven.
   */
  whyNotFenced(signal: AbortSignal): Promise<Reason | undefined>;
  /**
   * The same, as the server itself shows it: nobody is let in, is in, or has left a prepared transaction. No login is tried,
   * so that it can be asked once more where every moment counts.
   */
  whyNotClosed(signal: AbortSignal): Promise<Reason | undefined>;
  /** Locks, unlocks and ends a session of a canary role of its own, then drops it: proves the runbook's privileges. */
  rehearseFence(): Effect;
  /** Logs in at `address` as the application would (TLS verified for this side) and commits one row of proof. */
  proveWrite(address: { host: string; port: number }): Effect;
}
