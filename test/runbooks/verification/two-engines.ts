import { Client, type ClientConfig } from 'pg';
import { createCertificateAuthority } from '../../../rehearsal/engines/certificate-authority';
import { startPostgres, type Engine } from '../../../rehearsal/engines/postgres';
import { chooseAddresses } from '../../../rehearsal/processes/addresses';
import { startGuardian } from '../../../rehearsal/processes/guardian';
import { createRunFolder } from '../../../rehearsal/processes/run-folder';
import type { Clock } from '../../../runbooks/ports/clock';
import type { SqlReader } from '../../../runbooks/ports/sql-reader';

export const clock: Clock = {
  nowMilliseconds: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', end);
        resolve();
      }, milliseconds);
      signal.addEventListener('abort', end, { once: true });
    }),
};

/** A database of one engine: `client` changes it, `reader` is what the product sees of it. */
export interface TestSide {
  readonly config: ClientConfig;
  readonly client: Client;
  readonly reader: SqlReader;
}

const asText = { getTypeParser: () => (value: unknown) => value } as never;

async function open(config: ClientConfig): Promise<TestSide> {
  const client = new Client(config);
  const reading = new Client(config);
  for (const one of [client, reading]) {
    one.on('error', () => undefined);
    await one.connect();
  }
  const reader: SqlReader = {
    async query(sql, values, signal) {
      signal.throwIfAborted();
      await reading.query('BEGIN READ ONLY');
      try {
        const { rows } = await reading.query<Record<string, string | null>>({
          text: sql,
          values: [...values],
          types: asText,
        });
        return rows;
      } finally {
        await reading.query('COMMIT');
      }
    },
  };
  opened.push(client, reading);
  return { config, client, reader };
}
const opened: Client[] = [];

export interface TwoEngines {
  readonly source: Engine;
  readonly target: Engine;
  /** A database of that name on both, made by the same statements. */
  database(name: string, sql: string): Promise<{ source: TestSide; target: TestSide }>;
  /** The same database over fresh connections, perhaps of another account. */
  reopen(side: TestSide, config?: ClientConfig): Promise<TestSide>;
  close(): Promise<void>;
}

/** The same statements on both sides. */
export async function both({ source, target }: { source: TestSide; target: TestSide }, sql: string): Promise<void> {
  await Promise.all([source.client.query(sql), target.client.query(sql)]);
}

/** PostgreSQL 15 and 17, as a migration between majors has them. */
export async function startTwoEngines(settings: Readonly<Record<string, string>> = {}): Promise<TwoEngines> {
  const runFolder = createRunFolder();
  const guardian = startGuardian(runFolder);
  const authority = await createCertificateAuthority();
  const addresses = await chooseAddresses();
  const start = async (name: 'source' | 'target', majorVersion: 15 | 17) => {
    const tls = {
      ...(await authority.issue([`${name}.databases.example.com`])),
      authorityPem: authority.certificatePem,
    };
    const place = { ...addresses[name], majorVersion, runFolder, name, guardian, tls };
    return startPostgres({ ...place, superuserPassword: 'secret', settings });
  };
  const [source, target] = await Promise.all([start('source', 15), start('target', 17)]);
  const make = async (engine: Engine, name: string, sql: string) => {
    const superuser = new Client(engine.superuser);
    await superuser.connect();
    await superuser.query(`CREATE DATABASE ${name}`);
    await superuser.end();
    const side = await open({ ...engine.superuser, database: name });
    await side.client.query(sql);
    return side;
  };
  return {
    source,
    target,
    async database(name, sql) {
      const [one, two] = await Promise.all([make(source, name, sql), make(target, name, sql)]);
      return { source: one, target: two };
    },
    reopen: (side, config = {}) => open({ ...side.config, ...config }),
    async close() {
      await Promise.all(opened.splice(0).map((client) => client.end()));
      await guardian.close();
    },
  };
}
