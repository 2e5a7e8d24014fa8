import { Agent, request } from 'node:http';
import { z } from 'zod';
import { transactionAnswer, type RequestedTransaction, type TransactionAnswer } from '../application/transaction';
import { epochMilliseconds, pause } from '../workload/clock';
import type { LoginTurns } from '../workload/login-turns';
import type { Resolver } from '../workload/resolver';

export interface StackClientOptions {
  resolver: Resolver;
  turns: LoginTurns;
  /** The weighted record that this client follows. */
  record: string;
  port: number;
}

/** What an attempt came to. `lost`: the request was sent, and no answer came. `away`: certainly nothing was done. */
export type Attempt =
  | { kind: 'answer'; at: string; invoked: number; answer: TransactionAnswer }
  | { kind: 'away'; at: string; invoked: number; reason: string }
  | { kind: 'lost'; at: string; invoked: number; reason: string };

const ASK_AGAIN_MILLISECONDS = 50;
const LONGEST_ANSWER_MILLISECONDS = 20_000;

/**
 * Speaks to the stack that the record leads to, over one connection that it keeps. It resolves the name before each new
 * connection, as applications do; a stack that is not ready ends the connection, and so no client stays with it.
 */
export class StackClient {
  private readonly options: StackClientOptions;
  private agent: Agent | undefined;
  private address: string | undefined;

  constructor(options: StackClientOptions) {
    this.options = options;
  }

  /** Sends a transaction once. Undefined when the signal came first. */
  async transact(transaction: RequestedTransaction, signal: AbortSignal): Promise<Attempt | undefined> {
    const at = await this.connected(signal);
    if (at === undefined) return undefined;
    const invoked = epochMilliseconds();
    let answer: TransactionAnswer;
    try {
      answer = transactionAnswer.parse(
        (await this.send(at, 'POST', '/transactions', JSON.stringify(transaction))).body,
      );
    } catch (error) {
      const reason = reasonOf(error);
      this.disconnect(at);
      return { kind: neverSent(error) ? 'away' : 'lost', at, invoked, reason };
    }
    if (answer.outcome === 'refused' && answer.notReady) {
      this.disconnect(at);
      return { kind: 'away', at, invoked, reason: answer.reason };
    }
    this.options.turns.accepted(at);
    return { kind: 'answer', at, invoked, answer };
  }

  /** Reads rows; throws when the stack does not give any. */
  async rows(query: Record<string, string>, signal: AbortSignal): Promise<unknown[]> {
    const at = await this.connected(signal);
    if (at === undefined) return [];
    try {
      const { status, body } = await this.send(at, 'GET', `/rows?${new URLSearchParams(query).toString()}`);
      if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
      this.options.turns.accepted(at);
      return z.object({ rows: z.array(z.unknown()) }).parse(body).rows;
    } catch (error) {
      this.disconnect(at);
      throw error;
    }
  }

  /** The next request resolves the name again. */
  close(): void {
    this.agent?.destroy();
    this.agent = undefined;
    this.address = undefined;
  }

  /** Where to send the next request: where the connection is, or where the name leads now. */
  private async connected(signal: AbortSignal): Promise<string | undefined> {
    const { resolver, record, turns } = this.options;
    while (!signal.aborted) {
      if (this.address !== undefined) return this.address;
      const endpoint = await resolver.resolve(record).catch(() => undefined);
      if (endpoint && turns.take(endpoint.address)) {
        this.agent = new Agent({ keepAlive: true, maxSockets: 1 });
        return (this.address = endpoint.address);
      }
      await pause(ASK_AGAIN_MILLISECONDS, signal);
    }
    return undefined;
  }

  private disconnect(address: string): void {
    this.options.turns.refused(address);
    this.close();
  }

  private send(
    host: string,
    method: 'GET' | 'POST',
    path: string,
    body?: string,
  ): Promise<{ status: number; body: unknown }> {
    const { port, record } = this.options;
    return new Promise((resolve, reject) => {
      const headers = {
        host: record,
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      };
      const sent = request({ host, port, method, path, headers, agent: this.agent }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part)).on('error', reject);
        response.on('end', () => {
          // The stack ends this connection: the next request follows the name.
          if (response.headers.connection === 'close') this.close();
          try {
            resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(parts).toString('utf8')) });
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
        response.on('aborted', () => reject(new Error('the answer was cut off')));
      });
      sent.setTimeout(LONGEST_ANSWER_MILLISECONDS, () => sent.destroy(new Error('no answer in time')));
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

/** Nobody listens there: of every other lost connection nobody knows what the stack still did. */
const neverSent = (error: unknown): boolean =>
  ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH'].includes((error as NodeJS.ErrnoException).code ?? '');

const reasonOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).message;
