import type { Direction } from '../../../definition/manifest/sections';

/** What people are told to type on one side, and how its engine calls what keeps the log. Statements end without `;` unless they are several. */
export interface EngineWords {
  /** Ends one session, by its process id. */
  endSession(processId: string): string;
  /** Ends what one session is doing. */
  cancel(processId: string): string;
  /** Both ways of ending a prepared transaction. */
  finishPrepared(transaction: string): string;
  lockAccount(account: string): string;
  createLockedAccount(account: string): string;
  analyse(tables: readonly string[]): string;
  /** Makes room in what a column counts by. */
  widen(sequence: string): string;
  /** What keeps a trigger from firing for replicated rows. */
  silenceTrigger(trigger: string): string;
  /** Keeps the log for longer; `bytes` and `seconds` are what is needed. */
  keepLog(bytes: number, seconds: number): string;
  /** The setting that limits how much log is kept. */
  readonly retentionSetting: string;
  /** `slot x`, as a thing that stands on the side. */
  position(name: string): string;
  readonly positions: string;
  /** Does a position keep the log for its reader? If not, nobody needs it any more once replication has started from it. */
  readonly positionsKeepLog: boolean;
  /** What the verification's own feed of changes leaves on the side while it is open. */
  readonly feed: string;
  /** How one is made and taken away: `Create the slot`, `Drop`. */
  readonly create: string;
  readonly drop: string;

  /** Nothing but the steps by hand changes the side any more: what an earlier run still holds open is ended and outnumbered. */
  endRuns(migration: string): string;
  decideUnwind(decision: { migration: string; switchEpoch: number; direction: Direction; epoch: number }): string;
  /** Locks the accounts, ends their sessions and shows that none is left (`must_be_0`). */
  close(accounts: readonly string[], epoch: number): string;
  /** Lets in what a fence has recorded. */
  open(accounts: readonly string[]): string;
}
