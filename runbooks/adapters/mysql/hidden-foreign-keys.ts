import type { MysqlSide } from './mysql-side';

const query = `SELECT COUNT(*) AS hidden FROM information_schema.key_column_usage k
    LEFT JOIN information_schema.referential_constraints r
      ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
  WHERE k.table_schema IN (?) AND k.referenced_table_name IS NOT NULL AND r.constraint_name IS NULL`;

/**
 * Are there foreign keys of which this account is not shown what they do to other rows? MariaDB shows that to who may do
 * more with a table than to read it; before 10.6 only where that is granted on the same level as SELECT (tried on 10.5).
 */
export async function hasHiddenForeignKeys(
  side: MysqlSide,
  schemas: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  const [row] = await side.reading.rows(query, [schemas], signal);
  return Number(row?.['hidden'] ?? 0) > 0;
}
