import { readFileSync } from 'node:fs';
import { prepareMysqlSide } from '../databases/mysql/prepare-mysql-side';
import { preparePostgresSide } from '../databases/prepare-databases';
import { mysqlOf, postgresOf } from '../engines/any-engine';
import { startMysql } from '../engines/mysql';
import { startPostgres } from '../engines/postgres';
import { rehearsalZone, stackName } from '../local-place';
import { rehearsalTablesSql } from '../workload/rehearsal-tables';
import { readApplicationTables, startApplicationClients, startApplicationStacks } from './application-processes';
import { changeOfEngine } from './change-of-engine';
import { databaseAccounts } from './database-accounts';
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
    const { database, seedFile, schemaFile, targetSchemaFile } = scenario;
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
    const preparation = await changeOfEngine(engines, scenario, { source: database, target: database });
    return { ...preparation, remarks: [...remarks, ...preparation.remarks] };
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
