import type { Direction, SideName } from '../../definition/manifest/sections';
import type { Effect } from './effect';

/** `steady`: one side serves, replication runs to the other. `switching`: before the decision. `opening`: after it. */
export type Phase = 'starting' | 'steady' | 'switching' | 'opening' | 'finalized';

/** The row of `cutover_local.state` of one side; never replicated. */
export interface StateRow {
  readonly epoch: number;
  readonly primary: SideName;
  /** Of the replication while steady; of the switch while switching or opening. */
  readonly direction: Direction;
  readonly phase: Phase;
  /** Epoch in which the newest switch began; key of its decision. 0 before the first. */
  readonly switchEpoch: number;
  /** What a resume must know: weights before, position of the slot, times. JSON, no secrets. */
  readonly detail: StateDetail;
}

/** What an operator has accepted, so that one side could be opened without asking the other, which was primary. */
export interface AcceptedLoss {
  /** Given up: it is never primary again. */
  readonly lost: SideName;
  /** What that side committed in it is not proven to be here; absent where a drain had proven everything. */
  readonly interval?: { readonly fromMilliseconds: number; readonly untilMilliseconds: number };
}

export interface StateDetail {
  /** Weight of the target per record before the switch, 0..255 and its counterpart, for the undo. */
  readonly weightsBefore?: Readonly<Record<string, { source: number; target: number }>>;
  /** Where the next direction's replication starts (LSN or binlog position). */
  readonly nextPosition?: string;
  /** When the newest switch opened its side, milliseconds since 1970 of that side's engine. */
  readonly openedAtMilliseconds?: number;
  /** When reverse replication had caught up after the newest switch. */
  readonly rollbackReadyAtMilliseconds?: number;
  readonly acceptedLoss?: AcceptedLoss;
  /** Slots on the source that the load task has made and reads: nobody needs them once it has stopped for good. */
  readonly loadSlots?: readonly string[];
  /** How long the last unwinding took until clients could write again: the next pause keeps as much back. */
  readonly undoMilliseconds?: number;
}

export type Outcome = 'open' | 'unwind';

/** Result of one full verification, kept on the side that was primary. */
export interface VerificationRecord {
  readonly finishedAtMilliseconds: number;
  readonly durationMilliseconds: number;
  readonly rows: number;
  readonly divergentRows: number;
  readonly unverifiedTables: readonly string[];
}

/** State, decision and evidence that live in the database of one side. Effects carry the epoch; a smaller one is refused. */
export interface ControlState {
  /** Creates the control schemas, idempotently; never touches application tables. */
  install(): Effect;
  /** Absent when the control schema or the row is. */
  readState(signal: AbortSignal): Promise<StateRow | undefined>;
  writeState(row: StateRow): Effect;
  readDecision(switchEpoch: number, signal: AbortSignal): Promise<Outcome | undefined>;
  /**
   * Commits the decision of a switch on this side (the one about to open) unless one stands; for `open` the state row
   * becomes `row` in the same transaction; a loss accepted in it stands beside the decision, too. `verify` is true only if the standing decision is this outcome.
   */
  decide(switchEpoch: number, direction: Direction, outcome: Outcome, row: StateRow): Effect;
  /**
   * Makes `epoch` the one whose effects this side accepts: first ends the tagged sessions of lower epochs and proves
   * them gone, then raises the number. Refused when the side already stands higher.
   */
  raiseEpoch(epoch: number): Effect;
  recordVerification(result: VerificationRecord): Effect;
  verifications(signal: AbortSignal): Promise<VerificationRecord[]>;
  /** Head of the journal as this side remembers it. Not an effect of its own: it rides on the journal's append. */
  writeJournalHead(runId: string, records: number, head: string, signal: AbortSignal): Promise<void>;
  readJournalHead(runId: string, signal: AbortSignal): Promise<{ records: number; head: string } | undefined>;
}
