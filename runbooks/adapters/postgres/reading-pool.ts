import { setMaxListeners } from 'node:events';
import type { Client } from 'pg';
import { Interruption } from './interruption';
import { queryCancelled, sqlState } from './sql-error';
import { untilAborted } from '../until-aborted';

export type TextRow = Record<string, string | null>;

/** All values stay the engine's text: nothing is lost in JavaScript's numbers and dates. */
const asText = { getTypeParser: () => (value: unknown) => value } as never;

/**
 * Few connections that only read: each statement is its own READ ONLY transaction in a session that is read-only by
 * default. Unlike the effects' connection these reconnect.
 */
export class ReadingPool {
  private readonly open: (signal: AbortSignal) => Promise<Client>;
  private readonly cancel: (pid: number) => Promise<void>;
  private readonly limit: number;
  private readonly idle: Client[] = [];
  private readonly waiting: (() => void)[] = [];
  private used = 0;
  private closed = false;

  constructor(options: {
    open: (signal: AbortSignal) => Promise<Client>;
    cancel: (pid: number) => Promise<void>;
    connections: number;
  }) {
    this.open = options.open;
    this.cancel = options.cancel;
    this.limit = options.connections;
  }

  /** One statement. When the signal ends, the statement is cancelled in the server and the signal's reason thrown. */
  async rows(text: string, values: readonly unknown[], signal: AbortSignal): Promise<TextRow[]> {
    // Many reads share one signal; each takes its listeners away again.
    setMaxListeners(0, signal);
    const client = await this.take(signal);
    const interruption = new Interruption(client, this.cancel, signal);
    // The extended protocol takes a single statement, so no text can end the transaction and begin another.
    const statement = { text, values: [...values], queryMode: 'extended', types: asText };
    const sent = [client.query('BEGIN READ ONLY'), client.query<TextRow>(statement), client.query('COMMIT')] as const;
    const giveBack = Promise.allSettled(sent).then(async (settled) => {
      await interruption.settled();
      interruption.stop();
      const broken = settled.some((one) => one.status === 'rejected' && sqlState(one.reason) === undefined);
      this.giveBack(client, broken);
      return settled;
    });
    // Whoever aborted does not wait for the server to notice.
    const [, answer] = await untilAborted(giveBack, signal);
    if (answer.status === 'fulfilled') return answer.value.rows;
    if (sqlState(answer.reason) === queryCancelled) signal.throwIfAborted();
    throw answer.reason;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const wake of this.waiting.splice(0)) wake();
    await Promise.all(this.idle.splice(0).map((client) => client.end().catch(() => undefined)));
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
      client.once('end', () => {
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
    if (broken || this.closed) void client.end().catch(() => undefined);
    else this.idle.push(client);
    this.free();
  }

  private free(): void {
    this.used -= 1;
    // All are woken: whoever was aborted meanwhile must not swallow the turn.
    for (const wake of this.waiting.splice(0)) wake();
  }
}
