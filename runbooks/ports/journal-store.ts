/** Where journal records are kept. A record is never overwritten. */
export interface JournalStore {
  /**
   * Stores the exact text as record `number` of the run. Resolves only when durable; a repeated call with the same text
   * is a success (an answer may have been lost), with another text an error.
   */
  append(runId: string, number: number, text: string, signal: AbortSignal): Promise<void>;
  /** All records of a run, in order, as stored. */
  read(runId: string, signal: AbortSignal): Promise<string[]>;
  /** Keeps the record on this computer when the store cannot be reached (undo must go on). */
  spool(runId: string, number: number, text: string): Promise<void>;
  /**
   * Uploads what earlier runs of this migration have spooled on this computer, in order, and keeps it here no longer.
   * @returns the runs and how many records of each came in; rejects when the store takes one not.
   */
  uploadSpooled(signal: AbortSignal): Promise<readonly { runId: string; records: number }[]>;
}
