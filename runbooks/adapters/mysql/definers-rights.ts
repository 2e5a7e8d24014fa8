import type { AccountFault } from '../../ports/fitness';
import type { Account } from './accounts';
import { namesTable } from './ddl';
import { coversSchema, granteeOf, type Privilege } from './granted-privileges';
import type { MigratedTable } from './migrated-tables';
import type { MysqlSide } from './mysql-side';
import { quoted } from './names';

/** What writes a migrated table with the rights of whoever made it: no lock of that account keeps it from doing so. */
interface Path {
  readonly kind: 'view' | 'routine';
  readonly schema: string;
  readonly name: string;
  /** The first table that it may write. */
  readonly table: MigratedTable;
}

const views = `SELECT table_schema AS path_schema, table_name AS path_name, view_definition AS body FROM information_schema.views
  WHERE security_type = 'DEFINER' AND is_updatable = 'YES'
    AND table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema') ORDER BY 1, 2`;
const routines = `SELECT routine_schema AS path_schema, routine_name AS path_name, routine_definition AS body
  FROM information_schema.routines WHERE security_type = 'DEFINER' AND routine_schema NOT IN ('mysql', 'sys') ORDER BY 1, 2`;
/** EXECUTE of single routines stands nowhere else. */
const ofRoutines = `SELECT User AS user, Host AS host, Db AS path_schema, Routine_name AS path_name FROM mysql.procs_priv
  WHERE FIND_IN_SET('Execute', Proc_priv) > 0`;

/** As far as the text says: what it calls, or puts together as a text, is not followed. */
const writes = /\b(insert|update|delete|replace|truncate|load)\b/i;

export interface DefinersRights {
  faultsOf(account: Account, held: readonly Privilege[]): AccountFault[];
}

export async function definersRights(
  side: MysqlSide,
  tables: readonly MigratedTable[],
  signal: AbortSignal,
): Promise<DefinersRights> {
  const ask = (sql: string) => side.reading.rows(sql, [], signal);
  const pathOf = (kind: Path['kind']) => (row: Record<string, string | null>) => {
    const table = tables.find((each) => namesTable(row['body'] ?? '', each.table));
    if (!table || (kind === 'routine' && !writes.test(row['body'] ?? ''))) return [];
    return [{ kind, schema: row['path_schema'] ?? '', name: row['path_name'] ?? '', table }];
  };
  const paths: Path[] = [
    ...(await ask(views)).flatMap(pathOf('view')),
    ...(await ask(routines)).flatMap(pathOf('routine')),
  ];
  const single = await ask(ofRoutines);
  const mayCall = ({ name, host }: Account, path: Path) =>
    single.some(
      (row) =>
        granteeOf(row['user'] ?? '', row['host'] ?? '') === granteeOf(name, host) &&
        row['path_schema'] === path.schema &&
        row['path_name']?.toLowerCase() === path.name.toLowerCase(),
    );

  return {
    faultsOf: (account, held) =>
      paths.flatMap((path): AccountFault[] => {
        const needed = path.kind === 'view' ? ['INSERT', 'UPDATE', 'DELETE'] : ['EXECUTE'];
        const found = held.filter((one) => needed.includes(one.name) && reaches(one, path));
        if (found.length === 0 && !(path.kind === 'routine' && mayCall(account, path))) return [];
        const title = `${path.schema}.${path.name}`;
        return [
          {
            account: account.text,
            fault: `may write ${path.table.name} with the rights of whoever defined ${title}`,
            repair: `ALTER SQL SECURITY of ${title} to INVOKER, or REVOKE ${needed.join(', ')} ON ${quoted(path.schema)}.${quoted(path.name)} FROM ${account.text}`,
          },
        ];
      }),
  };
}

const reaches = ({ schema, table }: Privilege, path: Path): boolean =>
  (schema === undefined || coversSchema(schema, path.schema)) && (table === undefined || table === path.name);
