import { Client } from 'pg';
import { epochMilliseconds, pause } from './clock';
import type { Side } from './configuration';
import type { GateRecord, LedgerWriter } from './ledger';
import type { SessionOptions } from './session';

const LONGEST_RUN_MILLISECONDS = 1000;

/** Which write accounts may log in, and how many sessions they have. */
export interface GateSample {
  unlocked: string[];
  sessions: number;
}

/** A side's write gate as its engine shows it. */
export interface GateView {
  sample(): Promise<GateSample>;
  close(): void;
}

/**
 * Watches one side's write gate as the engine itself sees it. Samples in which nothing changed become one record.
 */
export class GateObserver {
  private readonly side: Side;
  private readonly open: () => Promise<GateView>;
  private readonly ledger: LedgerWriter;
  private readonly sampleMilliseconds: number;
  private run: GateRecord | undefined;

  constructor(side: Side, open: () => Promise<GateView>, sampleMilliseconds: number, ledger: LedgerWriter) {
    this.side = side;
    this.open = open;
    this.sampleMilliseconds = sampleMilliseconds;
    this.ledger = ledger;
  }

  async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let view: GateView | undefined;
      try {
        view = await this.open();
        while (!signal.aborted) {
          await this.sample(view);
          await pause(this.sampleMilliseconds, signal);
        }
      } catch {
        // The engine is down or restarting: what cannot be seen is not recorded as seen.
        await pause(100, signal);
      } finally {
        this.write();
        view?.close();
      }
    }
  }

  private async sample(view: GateView): Promise<void> {
    const asked = epochMilliseconds();
    const { unlocked, sessions } = await view.sample();
    const run = this.run;
    if (run && run.unlocked.join() === unlocked.join() && asked - run.from < LONGEST_RUN_MILLISECONDS) {
      Object.assign(run, { until: asked, samples: run.samples + 1, sessions: Math.max(run.sessions, sessions) });
      return;
    }
    this.write();
    // Seen at some instant between asking and the answer.
    this.run = {
      kind: 'gate',
      side: this.side,
      from: epochMilliseconds(),
      until: asked,
      samples: 1,
      unlocked,
      sessions,
    };
  }

  private write(): void {
    if (this.run) this.ledger.write(this.run);
    this.run = undefined;
  }
}

/** The gate of a PostgreSQL side, seen by its superuser. */
export const postgresGate = (connection: SessionOptions, writers: string[]) => async (): Promise<GateView> => {
  const client = superuserClient(connection);
  client.on('error', () => undefined);
  const close = () => void client.end().catch(() => undefined);
  await client.connect().catch((error: unknown) => {
    close();
    throw error;
  });
  return {
    close,
    async sample() {
      const { rows } = await client.query<GateSample>({
        name: 'gate',
        text: `SELECT coalesce((SELECT array_agg(rolname::text ORDER BY rolname) FROM pg_roles
                 WHERE rolname = ANY ($1) AND rolcanlogin), '{}') AS unlocked,
               (SELECT count(*)::integer FROM pg_stat_activity WHERE usename = ANY ($1)) AS sessions`,
        values: [writers],
      });
      return rows[0] ?? { unlocked: [], sessions: 0 };
    },
  };
};

/** An ordinary client for reading as superuser: values come in JavaScript's types. */
export function superuserClient(options: SessionOptions): Client {
  return new Client({
    host: options.endpoint.address,
    port: options.port,
    database: options.database,
    user: options.account.username,
    password: options.account.password,
    ssl: { ca: options.caCertificatePem, servername: options.endpoint.tlsServerName },
    application_name: options.applicationName,
    connectionTimeoutMillis: 3000,
  });
}
