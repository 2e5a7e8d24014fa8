import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ApplicationConfiguration } from '../configuration';
import { execute, type Tables } from '../execute';
import { reasonOf } from '../reason';
import { transactionRequest, type TransactionAnswer } from '../transaction';
import { NotReady } from './account-pool';
import { Accounts } from './accounts';

const LARGEST_BODY_BYTES = 8 * 1024 * 1024;

/**
 * One stack of the application over HTTP: `POST /transactions` writes, `GET /rows` reads, `GET /health` says whether it
 * is ready to write. While its accounts are locked it stays up, answers 503 with the reason, and ends the connection, so
 * that whoever asks resolves the application's name again.
 */
export class Stack {
  private readonly configuration: ApplicationConfiguration;
  private readonly accounts: Accounts;
  private readonly tables: Tables;
  private readonly server: Server;

  constructor(configuration: ApplicationConfiguration) {
    this.configuration = configuration;
    this.accounts = new Accounts(configuration);
    this.tables = new Map(configuration.tables.map((table) => [table.id, table]));
    this.server = createServer((request, response) => {
      void this.answer(request).then((answer) => send(response, answer));
    });
    // An idle connection of a client's pool is the client's to end.
    this.server.keepAliveTimeout = 60_000;
  }

  /** Resolves when it listens and each account was tried once, in vain or not. */
  async start(): Promise<void> {
    const { host, port } = this.configuration.listen;
    await new Promise<void>((resolve, reject) => this.server.once('error', reject).listen(port, host, resolve));
    await this.accounts.tried();
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
    this.accounts.close();
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', 'http://stack');
    try {
      if (request.method === 'GET' && url.pathname === '/health') return this.health();
      if (request.method === 'GET' && url.pathname === '/rows') return await this.read(url.searchParams);
      if (request.method === 'POST' && url.pathname === '/transactions') return await this.write(await bodyOf(request));
      return { status: 404, body: { reason: `there is no ${request.method} ${url.pathname}` } };
    } catch (error) {
      if (error instanceof NotReady) return refused(503, `not ready: ${error.message}`, true);
      return { status: 500, body: { reason: reasonOf(error) } };
    }
  }

  private health(): Answer {
    const reason = this.accounts.notReady;
    const { name, side } = this.configuration;
    const body = { name, side, ready: reason === undefined, reason, sessions: this.accounts.sessions };
    return { status: reason === undefined ? 200 : 503, body };
  }

  private async write(body: string): Promise<Answer> {
    const parsed = transactionRequest.safeParse(parse(body));
    if (!parsed.success) return refused(400, `no transaction: ${parsed.error.message}`, false);
    const { answer, gone } = await this.accounts.writing(async (session) => ({
      answer: await execute(session, this.tables, parsed.data),
      gone: session.broken,
    }));
    if (answer.outcome === 'ok') return { status: 200, body: answer };
    // Whoever lost its session asks again where the name leads then.
    if (answer.outcome === 'unknown') return { status: 500, body: answer, end: gone };
    return gone ? { status: 503, body: { ...answer, notReady: true }, end: true } : { status: 409, body: answer };
  }

  private async read(wanted: URLSearchParams): Promise<Answer> {
    const table = this.tables.get(wanted.get('table') ?? '');
    if (table === undefined) return { status: 404, body: { reason: `no table ${wanted.get('table')}` } };
    const key = wanted.get('key');
    const rows = await this.accounts.reading((session) =>
      key === null ? session.newest(table, 10) : session.rows(table, [parse(key) as string[]]),
    );
    return { status: 200, body: { rows } };
  }
}

interface Answer {
  status: number;
  body: object;
  /** Whether the connection ends with it. */
  end?: boolean;
}

function refused(status: number, reason: string, notReady: boolean): Answer {
  const body: TransactionAnswer = { outcome: 'refused', reason, ...(notReady ? { notReady } : {}) };
  return { status, body, end: notReady };
}

function send(response: ServerResponse, { status, body, end }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...(end ? { connection: 'close' } : {}),
  });
  response.end(text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LARGEST_BODY_BYTES) throw new Error(`a request holds at most ${LARGEST_BODY_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
