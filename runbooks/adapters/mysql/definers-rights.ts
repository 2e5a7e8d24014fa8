import type { AccountFault } from '../../ports/fitness';
import type { Account } from './accounts';
import { namesTable } from './ddl';
import { coversSchema, granteeOf, type Privilege } from './granted-privileges';
import type { MigratedTable } from './migrated-tables';
import type { MysqlSide } from './mysql-side';
import { quoted } from './names';

/** What writes a migrated table with the rights of whoever made it: no lock of that account keeps it from doing so. */
interface Path {
  readonly kind: 'VIEW' | 'PROCEDURE' | 'FUNCTION';
  readonly schema: string;
  readonly name: string;
}

const views = `SELECT table_schema AS path_schema, table_name AS path_name, 'VIEW' AS kind, view_definition AS body FROM information_schema.views
  WHERE security_type = 'DEFINER' AND is_updatable = 'YES'
    AND table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema') ORDER BY 1, 2`;
const routines = `SELECT routine_schema AS path_schema, routine_name AS path_name, routine_type AS kind, routine_definition AS body
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
  const paths = [...(await ask(views)), ...(await ask(routines))].flatMap((row): Path[] => {
    const [kind, body] = [row['kind'] as Path['kind'], row['body'] ?? ''];
    // Without SHOW VIEW a view does not say what it stands on.
    const mayWrite = tables.some(({ table }) => namesTable(body, table)) && (kind === 'VIEW' || writes.test(body));
    return body !== '' && !mayWrite ? [] : [{ kind, schema: row['path_schema'] ?? '', name: row['path_name'] ?? '' }];
  });
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
        const isView = path.kind === 'VIEW';
        const needed = isView ? ['INSERT', 'UPDATE', 'DELETE'] : ['EXECUTE'];
        const found = held.filter((one) => needed.includes(one.name) && reaches(one, path));
        if (found.length === 0 && (isView || !mayCall(account, path))) return [];
        const object = `${quoted(path.schema)}.${quoted(path.name)}`;
        return [
          {
            account: account.text,
            fault: `may write with the rights of whoever defined ${path.schema}.${path.name}`,
            repair: isView
              ? `REVOKE ${found.map(({ name }) => name).join(', ')} ON ${scopeOf(found[0])} FROM ${account.text}`
              : `ALTER ${path.kind} ${object} SQL SECURITY INVOKER`,
          },
        ];
      }),
  };
}

const reaches = ({ schema, table }: Privilege, path: Path): boolean =>
  (schema === undefined || coversSchema(schema, path.schema)) && (table === undefined || table === path.name);

const scopeOf = (privilege: Privilege | undefined): string =>
  privilege?.schema === undefined
    ? '*.*'
    : `${quoted(privilege.schema)}.${privilege.table === undefined ? '*' : quoted(privilege.table)}`;
