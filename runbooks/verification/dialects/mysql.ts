import type { Dialect } from './dialect';
import { readMysqlTables } from './mysql-catalogue';
import { mysqlStatements } from './mysql-statements';

/** MySQL 5.7 and later, MariaDB 10.4 and later, Aurora MySQL. */
export const mysql: Dialect = {
  family: 'mysql',
  readTables: readMysqlTables,
  statements: mysqlStatements,
};
