import type { Client } from 'pg';
import { backendPid } from './open-client';

/** How long a server may take to react to a cancellation, or to answer a commit, once the signal has ended. */
const patienceMilliseconds = 3000;

/**
 * Cancels what the server is doing for a connection when the signal ends; a server that does not react loses the
 * connection, so that no wait outlives its signal by more than the patience.
 */
export class Interruption {
  private readonly signal: AbortSignal;
  private readonly begin: () => void;
  private spared = false;
  private cancelling: Promise<void> = Promise.resolve();
  private patience: NodeJS.Timeout | undefined;

  constructor(client: Client, cancel: (pid: number) => Promise<void>, signal: AbortSignal) {
    this.signal = signal;
    this.begin = () => {
      if (!this.spared) this.cancelling = cancel(backendPid(client)).catch(() => undefined);
      this.patience = setTimeout(() => client.connection.stream.destroy(), patienceMilliseconds);
    };
    signal.addEventListener('abort', this.begin, { once: true });
  }

  /** From here on nothing is cancelled, only given up. */
  spare(): void {
    this.spared = true;
  }

  /** A cancellation under way has reached the server: it cannot hit a later statement. */
  settled(): Promise<void> {
    this.spared = true;
    return this.cancelling;
  }

  stop(): void {
    this.signal.removeEventListener('abort', this.begin);
    clearTimeout(this.patience);
  }
}
