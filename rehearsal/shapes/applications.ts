import { readFileSync } from 'node:fs';
import type { Transformation } from '../../definition/schema/migration';
import { development } from '../../environments/development';
import { prepareMysqlSide } from '../databases/mysql/prepare-mysql-side';
import { preparePostgresSide } from '../databases/prepare-databases';
import { nameOfEngine, postgresOf, type AnyEngine } from '../engines/any-engine';
import { startMysql, type MysqlEngine } from '../engines/mysql';
import { startPostgres } from '../engines/postgres';
import { rehearsalZone, stackName } from '../local-place';
import { LEDGER_SCHEMA, rehearsalTablesSql } from '../workload/rehearsal-tables';
import { readApplicationTables, startApplicationClients, startApplicationStacks } from './application-processes';
import { databaseAccounts } from './database-accounts';
import { definedVersion } from './defined-version';
import { schemaOfTables } from './schema-of-tables';
import type { Shape } from './shape';

/** MySQL or MariaDB to PostgreSQL: the weighted names front one application stack per engine, and clients speak HTTP. */
export const applications: Shape = {
  level: 'application',
  engines: 'a MySQL or MariaDB server and PostgreSQL 17',
  example: 'orders',
  // Stand for rdsadmin: they administer the engines, and the judge reads through them.
  administrators: ['root', 'postgres'],

  startEngine: (side, { credentials, mysqlServer, settings, ...place }) =>
    side === 'source'
      ? startMysql({ ...place, server: mysqlServer, rootPassword: credentials.passwordOf('root') })
      : startPostgres({
          ...place,
          settings,
          majorVersion: 17,
          superuserPassword: credentials.passwordOf('postgres'),
        }),

  async prepare(engines, scenario, credentials) {
    const { name, database, seedFile, schemaFile, targetSchemaFile } = scenario;
    const accounts = databaseAccounts(scenario, credentials);
    const source = mysqlOf(engines.source);
    const { write, read } = scenario.accounts;
    const [{ remarks }] = await Promise.all([
      prepareMysqlSide({
        ...{ engine: source, database, accounts, fenced: false },
        schemaSql: readFileSync(schemaFile, 'utf8'),
        seedSql: seedFile && readFileSync(seedFile, 'utf8'),
      }),
      preparePostgresSide({
        ...{ engine: postgresOf(engines.target), side: 'target', database, accounts },
        schemaSql: readFileSync(targetSchemaFile ?? schemaFile, 'utf8'),
        furtherSql: rehearsalTablesSql({ write: [...write], read: [...read] }),
      }),
    ]);
    const { engine, version, remark } = definedVersion(source);
    const given = scenario.transformations ?? definedTransformations(name, database);
    const schema = await schemaOfTables(engines, database, given);
    return {
      included: [database, LEDGER_SCHEMA].map((each) => `${each}.%`),
      transformations: [
        ...given,
        ...(schema === database || given.some(({ kind }) => kind === 'rename-schema')
          ? []
          : [{ kind: 'rename-schema' as const, schema: database, to: schema }]),
        // What tells the judge when a row came to stand on the source; PostgreSQL tells it otherwise.
        ...['entries', 'jobs'].map(
          (table) => ({ kind: 'drop-column', table: `${LEDGER_SCHEMA}.${table}`, column: 'arrived' }) as const,
        ),
      ],
      waivers: [
        {
          table: `${LEDGER_SCHEMA}.%`,
          check: 'reverse-fitness',
          reason: "rollback lossy in principle; the rehearsal's own clients write nothing there that could not go back",
        },
      ],
      source: { engine, version },
      remarks: [
        `the source is ${nameOfEngine(source)}`,
        ...remarks,
        ...remark,
        ...(schema === database ? [] : [`${database} is the schema ${schema} of the target`]),
      ],
    };
  },

  names: (migration) => ({
    write: `${migration}.${rehearsalZone}`,
    read: `${migration}-read.${rehearsalZone}`,
    endpoints: { source: stackName(migration, 'source'), target: stackName(migration, 'target') },
  }),

  readTables: readApplicationTables,
  startStacks: startApplicationStacks,
  startClients: startApplicationClients,
};

function mysqlOf(engine: AnyEngine): MysqlEngine {
  if (engine.family === 'mysql') return engine;
  throw new Error(`MySQL or MariaDB is wanted here, and this is ${nameOfEngine(engine)}`);
}

/** What the definition of that name transforms of this database. */
const definedTransformations = (migration: string, database: string): Transformation[] =>
  (development.migrations[migration]?.transformations ?? []).filter(
    (each) => !('table' in each) || each.table.startsWith(`${database}.`),
  );
