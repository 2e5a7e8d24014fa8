import type { MigratedTable } from './migrated-tables';
import type { MysqlSide } from './mysql-side';

export interface Privilege {
  readonly name: string;
  /** As `information_schema` prints it: nothing in it is escaped. */
  readonly grantee: string;
  /** Absent: of the whole server. A pattern, as in GRANT. */
  readonly schema: string | undefined;
  /** Absent: of the whole database. */
  readonly table: string | undefined;
  /** Absent: of all columns. */
  readonly column: string | undefined;
}

const granted = `SELECT grantee AS grantee, NULL AS table_schema, NULL AS table_name, privilege_type AS name, NULL AS column_name
    FROM information_schema.user_privileges
  UNION ALL SELECT grantee, table_schema, NULL, privilege_type, NULL FROM information_schema.schema_privileges
  UNION ALL SELECT grantee, table_schema, table_name, privilege_type, NULL FROM information_schema.table_privileges
  UNION ALL SELECT grantee, table_schema, table_name, privilege_type, column_name FROM information_schema.column_privileges`;

/** Who may act as which role. */
const ofMariadb = `SELECT User AS user, Host AS host, Role AS role, '' AS role_host FROM mysql.roles_mapping`;
const ofMysql = `SELECT TO_USER AS user, TO_HOST AS host, FROM_USER AS role, FROM_HOST AS role_host FROM mysql.role_edges`;
const rolesBegin = 80000;

/** As `information_schema` prints an account. */
export const granteeOf = (name: string, host: string): string => `'${name}'@'${host}'`;

/** Does a database's name, or a pattern of GRANT (`_`, `%`, escaped by `\`), cover this database? */
export function coversSchema(pattern: string, schema: string): boolean {
  if (pattern === schema) return true;
  let expression = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const letter = pattern[at] as string;
    const escaped = letter === '\\' && at + 1 < pattern.length;
    const literal = escaped ? (pattern[++at] as string) : letter;
    if (!escaped && letter === '%') expression += '.*';
    else if (!escaped && letter === '_') expression += '.';
    else expression += literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  }
  return new RegExp(`^${expression}$`, 's').test(schema);
}

export const isOn = (privilege: Privilege, { schema, table }: MigratedTable): boolean =>
  (privilege.schema === undefined || coversSchema(privilege.schema, schema)) &&
  (privilege.table === undefined || privilege.table === table);

export interface Privileges {
  /** The account itself and all its roles, as `granteeOf` names them. */
  grantees(name: string, host: string): ReadonlySet<string>;
  /** What an account may do by itself or as any of its roles, with the grantee that holds it. */
  of(name: string, host: string): Privilege[];
}

/** Everything that was granted to anybody. */
export async function grantedPrivileges(side: MysqlSide, signal: AbortSignal): Promise<Privileges> {
  const every = (await side.reading.rows(granted, [], signal)).map((row) => ({
    name: row['name'] as string,
    grantee: row['grantee'] as string,
    schema: row['table_schema'] ?? undefined,
    table: row['table_name'] ?? undefined,
    column: row['column_name'] ?? undefined,
  }));
  const hasRoles = side.product === 'mariadb' || side.version >= rolesBegin;
  const edges = hasRoles ? await side.reading.rows(side.product === 'mariadb' ? ofMariadb : ofMysql, [], signal) : [];
  const rolesOf = (grantee: string): string[] =>
    edges
      .filter((row) => granteeOf(row['user'] ?? '', row['host'] ?? '') === grantee)
      .map((row) => granteeOf(row['role'] ?? '', row['role_host'] ?? ''));
  const grantees = (name: string, host: string) => {
    const all = new Set([granteeOf(name, host)]);
    for (const one of all) for (const role of rolesOf(one)) all.add(role);
    return all;
  };
  return {
    grantees,
    of: (name, host) => {
      const all = grantees(name, host);
      return every.filter(({ grantee }) => all.has(grantee));
    },
  };
}
