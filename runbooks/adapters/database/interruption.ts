/** How long a server may take to react, or to answer a commit, once the signal has ended. */
const patienceMilliseconds = 3000;

/** A connection whose statement may take long. */
export interface Interruptible {
  /** Asks the server, over another connection, to give up the statement under way. */
  interrupt(): Promise<void>;
  /** At once. */
  destroy(): void;
}

/**
 * Interrupts what the server is doing for a connection when the signal ends; a server that does not react loses the
 * connection, so that no wait outlives its signal by more than the patience.
 */
export class Interruption {
  private readonly signal: AbortSignal;
  private readonly begin: () => void;
  private spared = false;
  private interrupting: Promise<void> = Promise.resolve();
  private patience: NodeJS.Timeout | undefined;

  constructor(connection: Interruptible, signal: AbortSignal) {
    this.signal = signal;
    this.begin = () => {
      if (!this.spared) this.interrupting = connection.interrupt().catch(() => undefined);
      this.patience = setTimeout(() => connection.destroy(), patienceMilliseconds);
    };
    signal.addEventListener('abort', this.begin, { once: true });
  }

  /** From here on nothing is interrupted, only given up. */
  spare(): void {
    this.spared = true;
  }

  /** An interruption under way has reached the server: it cannot hit a later statement. */
  settled(): Promise<void> {
    this.spared = true;
    return this.interrupting;
  }

  stop(): void {
    this.signal.removeEventListener('abort', this.begin);
    clearTimeout(this.patience);
  }
}
