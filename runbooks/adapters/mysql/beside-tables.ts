import type { TextRow } from './engine-text';
import type { MigratedTable } from './migrated-tables';
import type { MysqlSide } from './mysql-side';
import { quoted } from './names';

export interface View extends MigratedTable {
  readonly isUpdatable: boolean;
}

export interface Routine {
  readonly schema: string;
  readonly routine: string;
  /** schema.routine. */
  readonly name: string;
  readonly quoted: string;
  readonly kind: 'FUNCTION' | 'PROCEDURE';
}

const viewsQuery = `SELECT table_schema AS in_schema, table_name AS name, is_updatable AS updatable
  FROM information_schema.views WHERE table_schema IN (?) ORDER BY 1, 2`;
const routinesQuery = `SELECT routine_schema AS in_schema, routine_name AS name, routine_type AS kind
  FROM information_schema.routines WHERE routine_schema IN (?) AND routine_type IN ('FUNCTION', 'PROCEDURE') ORDER BY 1, 2, 3`;

/** An empty list cannot stand in IN. */
const schemasOf = (tables: readonly MigratedTable[]): string[] => ['', ...new Set(tables.map(({ schema }) => schema))];

const named = (schema: string, name: string) => ({
  schema,
  name: `${schema}.${name}`,
  quoted: `${quoted(schema)}.${quoted(name)}`,
});

/** The views in the databases of these tables. */
export async function viewsBeside(
  side: MysqlSide,
  tables: readonly MigratedTable[],
  signal: AbortSignal,
): Promise<View[]> {
  const rows = await side.reading.rows(viewsQuery, [schemasOf(tables)], signal);
  return rows.map((row) => {
    const table = row['name'] ?? '';
    return { ...named(row['in_schema'] ?? '', table), table, isUpdatable: row['updatable'] === 'YES' };
  });
}

/**
 * The routines in the databases of these tables. MySQL hides those that the runbook's account has nothing to do with, where
 * its SELECT is not one on every database: of them, those are told that somebody was granted by name.
 */
export async function routinesBeside(
  side: MysqlSide,
  tables: readonly MigratedTable[],
  grantedByName: readonly TextRow[],
  signal: AbortSignal,
): Promise<Routine[]> {
  const schemas = schemasOf(tables);
  const seen = await side.reading.rows(routinesQuery, [schemas], signal);
  const granted = grantedByName.filter((row) => schemas.includes(row['in_schema'] ?? ''));
  const found = new Map<string, Routine>();
  for (const row of [...seen, ...granted]) {
    const [routine, kind] = [row['name'] ?? '', row['kind'] as Routine['kind']];
    const one = { ...named(row['in_schema'] ?? '', routine), routine, kind };
    const key = `${kind} ${one.name.toLowerCase()}`;
    if (!found.has(key)) found.set(key, one);
  }
  return [...found.values()];
}
