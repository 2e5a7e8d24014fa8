export interface Clock {
  /** Milliseconds since 1970, of this computer; for durations and the journal, never for ordering across hosts. */
  nowMilliseconds(): number;
  /** Resolves after the time, rejects with the signal's reason as soon as it is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Fresh random text, e.g. for markers and conditional writes. */
export interface Nonces {
  next(): string;
}
