import { createConnection, type Connection, type ConnectionOptions } from 'mysql2';
import type { Socket } from 'node:net';
import type { Interruptible } from '../database/interruption';
import type { TextRow } from './engine-text';

/** What is bound to a `?`; an array stands for a list, as in `IN (?)`, and must not be empty. */
export type Value = string | number | bigint | boolean | null | Buffer | readonly (string | number)[];

/** One connection, without the driver's own ideas of values and of reconnecting. */
export class Client {
  private readonly connection: Connection;

  private constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Gives up when the signal ends. @throws the driver's error, or the signal's reason. */
  static async open(config: ConnectionOptions, signal: AbortSignal): Promise<Client> {
    signal.throwIfAborted();
    const client = new Client(createConnection(config));
    // A connection that dies while idle shows in the next statement; without a listener it would end the process.
    client.connection.on('error', () => undefined);
    // An error of its own: the driver writes into it, which the reason of a timeout does not allow.
    const abort = () => client.destroy(new Error('the connecting was given up', { cause: signal.reason }));
    signal.addEventListener('abort', abort, { once: true });
    try {
      await new Promise<void>((resolve, reject) =>
        client.connection.connect((error) => (error ? reject(error) : resolve())),
      );
      signal.throwIfAborted();
      return client;
    } catch (error) {
      const found = client.withTlsCode(error);
      client.destroy();
      signal.throwIfAborted();
      throw found;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** CONNECTION_ID() of the session, as the server announced it. */
  get id(): number {
    return this.connection.threadId;
  }

  onClose(listener: () => void): void {
    this.stream.once('close', listener);
  }

  /** False as soon as the server has said its last word, which is before the socket is closed. */
  get isOpen(): boolean {
    const { destroyed, readable, writable } = this.stream;
    return !destroyed && readable && writable;
  }

  /** One statement, with values as the server's text; no rows where it gives none. */
  query(text: string, values: readonly Value[] = []): Promise<TextRow[]> {
    return new Promise((resolve, reject) => {
      this.connection.query({ sql: text, values: [...values] }, (error, answer) => {
        if (error) reject(error);
        else resolve(rowsOf(answer));
      });
    });
  }

  async end(): Promise<void> {
    if (!this.isOpen) return this.destroy();
    await new Promise<void>((resolve) => {
      this.onClose(resolve);
      this.connection.end(() => this.stream.destroy());
    });
  }

  /** At once: what waits for an answer is rejected. */
  destroy(reason?: Error): void {
    this.stream.destroy(reason);
  }

  /** The driver calls every failure of TLS alike; the socket still knows why it refused the certificate. */
  private withTlsCode(error: unknown): unknown {
    const { authorizationError: code } = this.stream as { authorizationError?: unknown };
    return typeof code === 'string' && code !== '' ? Object.assign(error as Error, { code }) : error;
  }

  private get stream(): Socket {
    return (this.connection as unknown as { stream: Socket }).stream;
  }
}

export const interruptible = (client: Client, interrupt: (connectionId: number) => Promise<void>): Interruptible => ({
  interrupt: () => interrupt(client.id),
  destroy: () => client.destroy(),
});

/** A procedure answers with several results, of which the first one counts. */
function rowsOf(answer: unknown): TextRow[] {
  if (!Array.isArray(answer)) return [];
  return Array.isArray(answer[0]) ? (answer[0] as TextRow[]) : (answer as TextRow[]);
}
