import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareDatabases } from '../databases/prepare-databases';
import { postgresOf } from '../engines/any-engine';
import { startPostgres } from '../engines/postgres';
import { addressOf, databaseName, readName, writeName } from '../local-place';
import { spawnProcess } from '../processes/spawn';
import { LEDGER_SCHEMA, rehearsalTablesSql } from '../workload/rehearsal-tables';
import { databaseAccounts } from './database-accounts';
import type { Shape } from './shape';

/** PostgreSQL 15 to 17: the weighted names front the databases, and clients speak to those. */
export const databases: Shape = {
  level: 'database',
  engines: 'PostgreSQL 15 and 17',
  example: 'billing',
  // Stands for rdsadmin: it administers the engines, and the judge reads through it.
  administrators: ['postgres'],

  startEngine: (side, { credentials, mysqlServer: _mysqlServer, ...place }) =>
    startPostgres({
      ...place,
      majorVersion: side === 'source' ? 15 : 17,
      superuserPassword: credentials.passwordOf('postgres'),
    }),

  async prepare(engines, scenario, credentials) {
    if (scenario.transformations?.length)
      throw new Error(
        'transformations are rehearsed where the engine changes: source-schema.sql and target-schema.sql',
      );
    const { write, read } = scenario.accounts;
    const { schemas } = await prepareDatabases({
      engines: { source: postgresOf(engines.source), target: postgresOf(engines.target) },
      database: scenario.database,
      accounts: databaseAccounts(scenario, credentials),
      schemaSql: readFileSync(scenario.schemaFile, 'utf8'),
      seedSql: scenario.seedFile && readFileSync(scenario.seedFile, 'utf8'),
      furtherSql: rehearsalTablesSql({ write: [...write], read: [...read] }),
    });
    return {
      included: [...schemas, LEDGER_SCHEMA].map((schema) => `${schema}.%`),
      transformations: [],
      source: {},
      remarks: [],
    };
  },

  names: (migration) => ({
    write: writeName(migration),
    read: readName(migration),
    endpoints: { source: databaseName(migration, 'source'), target: databaseName(migration, 'target') },
  }),

  readTables: async () => undefined,
  startStacks: async () => [],

  async startClients({ scenario, place, names, credentials, ledgerFile, ...spawning }) {
    const login = (username: string) => ({ username, password: credentials.passwordOf(username) });
    const { accounts, consumer, workload: load } = scenario;
    const { environment, runFolder, guardian, onLine } = spawning;
    const clients = spawnProcess({
      name: 'workload',
      entry: join(__dirname, '..', 'workload', 'main.ts'),
      configuration: {
        resolver: addressOf(place.resolver),
        records: { write: names.write, read: names.read },
        port: place.databases.source.port,
        database: scenario.database,
        accounts: {
          write: accounts.write.map(login),
          read: accounts.read.map(login),
          consumer: login(consumer.account),
        },
        tls: { caCertificatePem: place.databases.source.certificateAuthorityPem },
        clients: load.clients,
        writesPerSecond: load.writesPerSecond,
        ledgerFile,
        scenarioFolder: scenario.folder,
        seed: 1,
        observer: {
          source: { host: place.databases.source.host, tlsServerName: databaseName(scenario.name, 'source') },
          target: { host: place.databases.target.host, tlsServerName: databaseName(scenario.name, 'target') },
          superuser: login('postgres'),
          nameServers: place.nameServers.map(addressOf),
        },
        consumer: { controlFile: place.consumerControlFile },
      },
      ...{ environment, runFolder, guardian, onLine },
    });
    await clients.ready;
    return clients;
  },
};
