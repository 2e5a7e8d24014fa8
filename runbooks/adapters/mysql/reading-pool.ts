import { setMaxListeners } from 'node:events';
import { untilAborted } from '../until-aborted';
import type { Client, Value } from './client';
import type { TextRow } from './engine-text';
import { Interruption } from './interruption';
import { queryInterrupted, serverError } from './sql-error';

/** What may be asked of a session that only reads; `SET` could take that away from it. */
const isReading = /^[\s(]*(select|show|with|explain|describe|desc|checksum table|xa recover)\b/i;

/**
 * Few connections that only read: each statement is its own READ ONLY transaction. Unlike the effects' connection these
 * reconnect.
 */
export class ReadingPool {
  private readonly open: (signal: AbortSignal) => Promise<Client>;
  private readonly interrupt: (connectionId: number) => Promise<void>;
  private readonly limit: number;
  private readonly idle: Client[] = [];
  private readonly waiting: (() => void)[] = [];
  private used = 0;
  private closed = false;

  constructor(options: {
    open: (signal: AbortSignal) => Promise<Client>;
    interrupt: (connectionId: number) => Promise<void>;
    connections: number;
  }) {
    this.open = options.open;
    this.interrupt = options.interrupt;
    this.limit = options.connections;
  }

  /** One statement. When the signal ends, the statement is interrupted in the server and the signal's reason thrown. */
  async rows(text: string, values: readonly Value[], signal: AbortSignal): Promise<TextRow[]> {
    if (!isReading.test(text)) throw new Error(`a reading connection is not asked: ${text.trim().slice(0, 60)}`);
    // Many reads share one signal; each takes its listeners away again.
    setMaxListeners(0, signal);
    const client = await this.take(signal);
    const interruption = new Interruption(client, this.interrupt, signal);
    const answer = client.query(text, values).finally(async () => {
      await interruption.settled();
      interruption.stop();
    });
    const giveBack = answer.then(
      () => this.giveBack(client, signal.aborted),
      // Where an interruption was on its way the connection is not used again: a late one would hit another statement.
      (error: unknown) => this.giveBack(client, signal.aborted || serverError(error) === undefined),
    );
    try {
      // Whoever aborted does not wait for the server to notice.
      await untilAborted(giveBack, signal);
      return await answer;
    } catch (error) {
      answer.catch(() => undefined);
      if (serverError(error) === queryInterrupted) signal.throwIfAborted();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const wake of this.waiting.splice(0)) wake();
    await Promise.all(this.idle.splice(0).map((client) => client.end()));
  }

  private async take(signal: AbortSignal): Promise<Client> {
    for (;;) {
      signal.throwIfAborted();
      if (this.closed) throw new Error('the reading connections are closed');
      const ready = this.idle.pop();
      if (ready) {
        this.used += 1;
        return ready;
      }
      if (this.used < this.limit) return this.connect(signal);
      await untilAborted(new Promise<void>((resolve) => this.waiting.push(resolve)), signal);
    }
  }

  private async connect(signal: AbortSignal): Promise<Client> {
    this.used += 1;
    try {
      const client = await this.open(signal);
      client.onClose(() => {
        const at = this.idle.indexOf(client);
        if (at >= 0) this.idle.splice(at, 1);
      });
      return client;
    } catch (error) {
      this.free();
      throw error;
    }
  }

  private giveBack(client: Client, broken: boolean): void {
    if (broken) client.destroy();
    else if (this.closed) void client.end();
    else this.idle.push(client);
    this.free();
  }

  private free(): void {
    this.used -= 1;
    // All are woken: whoever was aborted meanwhile must not swallow the turn.
    for (const wake of this.waiting.splice(0)) wake();
  }
}
