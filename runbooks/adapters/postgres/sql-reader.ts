import type { SqlReader } from '../../ports/sql-reader';
import type { PostgresSide } from './postgres-side';

export const sqlReader = (side: PostgresSide): SqlReader => ({
  query: (sql, values, signal) => side.reading.rows(sql, values, signal),
});
