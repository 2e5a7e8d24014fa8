import { createSecureContext, type SecureContext } from 'node:tls';
import { Client, DatabaseError } from 'pg';
import type { Account } from './configuration';
import type { Endpoint } from './resolver';

export interface SessionOptions {
  endpoint: Endpoint;
  port: number;
  database: string;
  account: Account;
  caCertificatePem: string;
  applicationName: string;
}

/** Output formats that make a row's text the same on every side. */
const FORMATS =
  '-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres -c bytea_output=hex -c extra_float_digits=1';

/** One database connection of the workload. It never reconnects by itself. */
export class Session {
  readonly endpoint: Endpoint;
  /** Set as soon as the connection is known to be gone. */
  broken = false;
  private readonly client: Client;

  private constructor(client: Client, endpoint: Endpoint) {
    this.client = client;
    this.endpoint = endpoint;
    client.on('error', () => (this.broken = true));
    client.on('end', () => (this.broken = true));
  }

  /** Connects with the server's certificate verified against the endpoint's name. Throws when refused. */
  static async open(options: SessionOptions): Promise<Session> {
    const client = new Client({
      host: options.endpoint.address,
      port: options.port,
      database: options.database,
      user: options.account.username,
      password: options.account.password,
      ssl: { secureContext: trusting(options.caCertificatePem), servername: options.endpoint.tlsServerName },
      application_name: options.applicationName,
      options: FORMATS,
      connectionTimeoutMillis: 2000,
      keepAlive: true,
      // A statement is sent at once, without waiting for the answer to the one before.
      pipeline: true,
      // A frozen server must not freeze its clients for ever: the outcome is then unknown, like a lost answer.
      query_timeout: 15_000,
    });
    const session = new Session(client, options.endpoint);
    try {
      await client.connect();
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  }

  /** Runs one statement, prepared under `name` where one is given. Rows come as arrays of text. */
  async run(
    sql: string,
    values: unknown[] = [],
    name?: string,
  ): Promise<{ command: string; rows: (string | null)[][] }> {
    try {
      const { command, rows } = await this.client.query<(string | null)[]>({
        text: sql,
        values,
        name,
        rowMode: 'array',
      });
      return { command, rows };
    } catch (error) {
      if (!isRefusal(error)) this.broken = true;
      throw error;
    }
  }

  /** Lets the connection go without waiting for it. */
  close(): void {
    this.broken = true;
    this.client.end().catch(() => undefined);
  }
}

const contexts = new Map<string, SecureContext>();

/** Reading certificates costs as much as a handshake, and clients that are refused come back often. */
function trusting(caCertificatePem: string): SecureContext {
  const known = contexts.get(caCertificatePem) ?? createSecureContext({ ca: caCertificatePem });
  contexts.set(caCertificatePem, known);
  return known;
}

/** The server answered "no" and goes on listening; everything else leaves the connection unusable. */
export function isRefusal(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && error.severity !== 'FATAL' && !(error.code ?? '').startsWith('57P');
}

/** SQLSTATE, system error code or message: one short word for the ledger. */
export function reasonOf(error: unknown): string {
  if (error instanceof DatabaseError) return error.code ?? error.message;
  const code = (error as NodeJS.ErrnoException).code;
  return code ?? (error as Error).message;
}
