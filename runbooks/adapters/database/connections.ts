import { untilAborted } from '../until-aborted';

interface Opening<C> {
  readonly open: (signal: AbortSignal) => Promise<C>;
  readonly end: (client: C) => Promise<void>;
  /** Tells when a connection is gone, whoever ended it. */
  readonly onClose: (client: C, listener: () => void) => void;
  readonly limit: number;
}

/** Few connections, opened when they are needed and used again, each by one at a time. */
export class Connections<C> {
  private readonly opening: Opening<C>;
  private readonly idle: C[] = [];
  private readonly waiting: (() => void)[] = [];
  private used = 0;
  private closed = false;

  constructor(opening: Opening<C>) {
    this.opening = opening;
  }

  async take(signal: AbortSignal): Promise<C> {
    for (;;) {
      signal.throwIfAborted();
      if (this.closed) throw new Error('the reading connections are closed');
      const ready = this.idle.pop();
      if (ready) {
        this.used += 1;
        return ready;
      }
      if (this.used < this.opening.limit) return this.connect(signal);
      await untilAborted(new Promise<void>((resolve) => this.waiting.push(resolve)), signal);
    }
  }

  /** A broken one is not used again. */
  giveBack(client: C, broken: boolean): void {
    if (broken || this.closed) void this.opening.end(client);
    else this.idle.push(client);
    this.free();
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const wake of this.waiting.splice(0)) wake();
    await Promise.all(this.idle.splice(0).map((client) => this.opening.end(client)));
  }

  private async connect(signal: AbortSignal): Promise<C> {
    this.used += 1;
    try {
      const client = await this.opening.open(signal);
      this.opening.onClose(client, () => {
        const at = this.idle.indexOf(client);
        if (at >= 0) this.idle.splice(at, 1);
      });
      return client;
    } catch (error) {
      this.free();
      throw error;
    }
  }

  private free(): void {
    this.used -= 1;
    // All are woken: whoever was aborted meanwhile must not swallow the turn.
    for (const wake of this.waiting.splice(0)) wake();
  }
}
