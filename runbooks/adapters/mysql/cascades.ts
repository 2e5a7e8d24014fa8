import type { MysqlSide } from './mysql-side';

/** A foreign key whose rule changes rows of the child that stand in no binlog. */
export interface Cascade {
  readonly parent: string;
  readonly child: string;
  /** Of the parent. */
  readonly columns: readonly string[];
  readonly onDelete: boolean;
  readonly onUpdate: boolean;
}

const query = `SELECT k.table_schema AS child_schema, k.table_name AS child, k.referenced_table_schema AS parent_schema,
    k.referenced_table_name AS parent, k.constraint_name AS name, k.referenced_column_name AS column_name,
    r.delete_rule AS delete_rule, r.update_rule AS update_rule
  FROM information_schema.key_column_usage k LEFT JOIN information_schema.referential_constraints r
    ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
  WHERE k.referenced_table_name IS NOT NULL AND (r.constraint_name IS NULL
    OR r.delete_rule IN ('CASCADE', 'SET NULL') OR r.update_rule IN ('CASCADE', 'SET NULL')) ORDER BY 1, 2, 5, 6`;

/** A rule that the account is not shown may be any. */
const changes = (rule: string | null | undefined): boolean =>
  rule === null || rule === 'CASCADE' || rule === 'SET NULL';

/** From 9.6 on MySQL itself, not InnoDB, changes those rows, and logs them (release notes 9.6.0). */
const logsCascades = 90600;

export async function readCascades(side: MysqlSide, signal: AbortSignal): Promise<Cascade[]> {
  if (side.product === 'mysql' && side.version >= logsCascades) return [];
  const found = new Map<string, Cascade & { columns: string[] }>();
  for (const row of await side.reading.rows(query, [], signal)) {
    const child = `${row['child_schema']}.${row['child']}`;
    const key = `${child} ${row['name']}`;
    const known = found.get(key);
    const column = row['column_name'] ?? '';
    if (known) known.columns.push(column);
    else
      found.set(key, {
        parent: `${row['parent_schema']}.${row['parent']}`,
        child,
        columns: [column],
        onDelete: changes(row['delete_rule']),
        onUpdate: changes(row['update_rule']),
      });
  }
  return [...found.values()];
}

/** The children, their children, and so on: what changed in one may have changed the next. */
export function reachedFrom(cascades: readonly Cascade[], children: ReadonlySet<string>): string[] {
  const reached = new Set(children);
  for (const parent of reached)
    for (const cascade of cascades) if (cascade.parent === parent) reached.add(cascade.child);
  return [...reached];
}
