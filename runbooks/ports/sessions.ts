export interface SessionGroup {
  readonly account: string;
  readonly application: string;
  readonly clientAddress: string;
  readonly count: number;
}

export interface OpenTransaction {
  readonly account: string;
  readonly ageSeconds: number;
  /** Of the session on the server, by which it can be ended. */
  readonly processId: string;
}

/** Who is connected to one side, and what is still under way there. Reads only. */
export interface Sessions {
  /** Sessions of the application's database by account, without the runbook's own. */
  census(signal: AbortSignal): Promise<SessionGroup[]>;
  /** Open transactions of client sessions older than a limit. */
  openTransactions(olderThanSeconds: number, signal: AbortSignal): Promise<OpenTransaction[]>;
  /** Identifiers of prepared (two-phase) transactions. */
  preparedTransactions(signal: AbortSignal): Promise<string[]>;
  /** Sessions that hold or wait for locks that DDL takes on application tables. */
  ddlUnderWay(signal: AbortSignal): Promise<{ account: string; table: string; processId: string }[]>;
}
