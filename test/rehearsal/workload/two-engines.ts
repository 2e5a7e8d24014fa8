import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { decode, encode } from 'dns-packet';
import { Client } from 'pg';
import { createCertificateAuthority } from '../../../rehearsal/engines/certificate-authority';
import { type Engine, startPostgres } from '../../../rehearsal/engines/postgres';
import { chooseAddresses } from '../../../rehearsal/processes/addresses';
import { type Guardian, startGuardian } from '../../../rehearsal/processes/guardian';
import { createRunFolder } from '../../../rehearsal/processes/run-folder';
import type { Side, WorkloadConfigurationFile } from '../../../rehearsal/workload/configuration';
import { rehearsalTablesSql } from '../../../rehearsal/workload/rehearsal-tables';
import type { SessionOptions } from '../../../rehearsal/workload/session';

export const ACCOUNTS = { write: ['app', 'worker'], read: ['report'] };
const PASSWORD = 'a password of the test';
const NAMES = { source: 'db-source.databases.rehearsal.internal', target: 'db-target.databases.rehearsal.internal' };

/** Two engines, a name that points to one of them, and the accounts of an application. */
export interface TwoEngines {
  runFolder: string;
  guardian: Guardian;
  engines: Record<Side, Engine>;
  /** A configuration of the workload for this database; its ledger lies in the run folder. */
  configuration(database: string, scenarioFolder: string, ledger: string): WorkloadConfigurationFile;
  connection(side: Side, database: string): SessionOptions;
  /** Runs SQL as superuser. */
  sql(side: Side, database: string, text: string): Promise<Record<string, unknown>[]>;
  /** Creates the database, its schema, the ledger's tables and what the accounts may do there. */
  createDatabase(side: Side, database: string, schemaFile: string): Promise<void>;
  pointNameTo(side: Side): void;
  close(): Promise<void>;
}

export async function startTwoEngines(): Promise<TwoEngines> {
  const runFolder = createRunFolder();
  const guardian = startGuardian(runFolder);
  const addresses = await chooseAddresses();
  const authority = await createCertificateAuthority();
  const start = async (side: Side) =>
    startPostgres({
      majorVersion: side === 'source' ? 15 : 17,
      runFolder,
      name: side,
      ...addresses[side],
      tls: { ...(await authority.issue([NAMES[side]])), authorityPem: authority.certificatePem },
      superuserPassword: PASSWORD,
      guardian,
    });
  const [source, target] = await Promise.all([start('source'), start('target')]);
  const engines = { source, target };
  const name = nameServer(addresses.resolver, { source: source.host, target: target.host });
  const login = (username: string) => ({ username, password: PASSWORD });
  const sql: TwoEngines['sql'] = async (side, database, text) => {
    const client = new Client({ ...engines[side].superuser, database });
    await client.connect();
    const result = (await client.query(text)) as unknown as
      { rows: Record<string, unknown>[] } | { rows: Record<string, unknown>[] }[];
    await client.end();
    return Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows;
  };
  const everyone = [...ACCOUNTS.write, ...ACCOUNTS.read];
  for (const side of ['source', 'target'] as const) {
    const lock = (role: string) => (side === 'target' && ACCOUNTS.write.includes(role) ? 'NOLOGIN' : 'LOGIN');
    await sql(
      side,
      'postgres',
      everyone.map((role) => `CREATE ROLE ${role} ${lock(role)} PASSWORD '${PASSWORD}';`).join(''),
    );
  }
  return {
    runFolder,
    guardian,
    engines,
    sql,
    connection: (side, database) => ({
      endpoint: { address: engines[side].host, tlsServerName: NAMES[side] },
      port: source.port,
      database,
      account: login('postgres'),
      caCertificatePem: authority.certificatePem,
      applicationName: 'test',
    }),
    configuration: (database, scenarioFolder, ledger) => ({
      resolver: `${addresses.resolver.host}:${addresses.resolver.port}`,
      records: { write: 'db.rehearsal.internal', read: 'db-read.rehearsal.internal' },
      port: source.port,
      database,
      accounts: { write: [login('app')], read: [login('report')], consumer: login('worker') },
      tls: { caCertificatePem: authority.certificatePem },
      clients: 8,
      writesPerSecond: 160,
      ledgerFile: `${runFolder}/${ledger}`,
      scenarioFolder,
      seed: 3,
      observer: {
        source: { host: source.host, tlsServerName: NAMES.source },
        target: { host: target.host, tlsServerName: NAMES.target },
        superuser: login('postgres'),
      },
      consumer: { controlFile: `${runFolder}/consumer.json` },
    }),
    createDatabase: async (side, database, schemaFile) => {
      await sql(side, 'postgres', `CREATE DATABASE ${database}`);
      await sql(side, database, `${readFileSync(schemaFile, 'utf8')}; ${rehearsalTablesSql(ACCOUNTS)}; ${grants()}`);
    },
    pointNameTo: name.pointTo,
    close: async () => {
      name.close();
      await Promise.all([source.stop(), target.stop()]);
      await guardian.close();
    },
  };
}

/** Everything in every schema of the application. */
function grants(): string {
  const [writers, readers] = [ACCOUNTS.write.join(', '), ACCOUNTS.read.join(', ')];
  return `DO $$
    DECLARE s text;
    BEGIN
      FOR s IN SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema|rehearsal_)' LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %s TO ${writers}, ${readers}', s);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %s TO ${writers}', s);
        EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %s TO ${writers}', s);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %s TO ${readers}', s);
      END LOOP;
    END $$`;
}

/** Answers every question with a CNAME to one side's name and that side's address. */
function nameServer(at: { host: string; port: number }, addresses: Record<Side, string>) {
  let side: Side = 'source';
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const { id, questions = [] } = decode(message);
    const name = questions[0]?.name ?? '';
    const answers = [
      { type: 'CNAME' as const, name, ttl: 1, data: NAMES[side] },
      { type: 'A' as const, name: NAMES[side], ttl: 1, data: addresses[side] },
    ];
    socket.send(encode({ type: 'response', id, flags: 0x8180, questions, answers }), from.port, from.address);
  });
  socket.bind(at.port, at.host);
  return { pointTo: (to: Side) => void (side = to), close: () => socket.close() };
}
