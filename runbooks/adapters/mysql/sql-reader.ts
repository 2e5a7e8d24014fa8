import type { SqlReader } from '../../ports/sql-reader';
import type { Value } from './client';
import type { MysqlSide } from './mysql-side';

/** Values stand for `?`; an array among them for a list, as in `IN (?)`. */
export const sqlReader = (side: MysqlSide): SqlReader => ({
  query: (sql, values, signal) => side.reading.rows(sql, values as readonly Value[], signal),
});
