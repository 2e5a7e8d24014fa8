import type { Dialect } from './dialect';
import { readPostgresTables } from './postgres-catalogue';
import { postgresStatements } from './postgres-statements';

/** PostgreSQL 13 and later, Aurora PostgreSQL. */
export const postgres: Dialect = {
  family: 'postgres',
  readTables: readPostgresTables,
  statements: postgresStatements,
};
