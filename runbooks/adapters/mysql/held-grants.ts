import { rowPrivileges, type ColumnGrant, type RowPrivilege } from '../../ports/fitness';
import { everyAccount, type Account } from './accounts';
import { routinesBeside, viewsBeside, type Routine, type View } from './beside-tables';
import { coversSchema, grantedPrivileges, granteeOf, isOn, type Privilege } from './granted-privileges';
import { migratedTables, type MigratedTable } from './migrated-tables';
import type { MysqlSide } from './mysql-side';

/** EXECUTE of single routines stands nowhere else. */
const ofRoutines = `SELECT User AS user, Host AS host, Db AS in_schema, Routine_name AS name, Routine_type AS kind
  FROM mysql.procs_priv WHERE FIND_IN_SET('Execute', Proc_priv) > 0 AND Routine_type IN ('FUNCTION', 'PROCEDURE')`;

/** A GRANT may have named a column in other letters than the table does. */
const ofColumns = `SELECT DISTINCT c.table_schema AS in_schema, c.table_name AS in_table, c.column_name AS name
  FROM information_schema.column_privileges p JOIN information_schema.columns c
    ON c.table_schema = p.table_schema AND c.table_name = p.table_name AND LOWER(c.column_name) = LOWER(p.column_name)`;

/** What stands on a side, and what an account may do with it from any of its hosts. */
export interface HeldGrants {
  readonly tables: readonly MigratedTable[];
  readonly views: readonly View[];
  readonly routines: readonly Routine[];
  hosts(account: string): readonly Account[];
  /** On the whole table or view. */
  on(account: string, table: MigratedTable): RowPrivilege[];
  /** On single columns, as the catalogue has their names, where the whole is not granted. */
  onColumns(account: string, table: MigratedTable): ColumnGrant[];
  mayCall(account: string, routine: Routine): boolean;
}

export async function heldGrants(side: MysqlSide, signal: AbortSignal): Promise<HeldGrants> {
  const [accounts, tables, privileges, single, columns] = await Promise.all([
    everyAccount(side, signal),
    migratedTables(side, signal),
    grantedPrivileges(side, signal),
    side.reading.rows(ofRoutines, [], signal),
    side.reading.rows(ofColumns, [], signal),
  ]);
  const [views, routines] = await Promise.all([
    viewsBeside(side, tables, signal),
    routinesBeside(side, tables, single, signal),
  ]);
  const hosts = (account: string) => accounts.filter(({ name }) => name === account);
  const known = new Map<string, Privilege[]>();
  const held = (account: string): Privilege[] => {
    const found = known.get(account) ?? hosts(account).flatMap(({ name, host }) => privileges.of(name, host));
    known.set(account, found);
    return found;
  };
  const key = (table: string, column: string) => `${table}.${column.toLowerCase()}`;
  const spelling = new Map(
    columns.map((row) => [key(`${row['in_schema']}.${row['in_table']}`, row['name'] ?? ''), row['name'] ?? '']),
  );
  const on = (account: string, table: MigratedTable) => {
    const whole = held(account).filter(({ column }) => column === undefined);
    return rowPrivileges.filter((name) => whole.some((each) => each.name === name && isOn(each, table)));
  };
  return {
    ...{ tables, views, routines, hosts, on },
    onColumns: (account, table) => {
      const whole = on(account, table);
      return rowPrivileges
        .filter((name) => !whole.includes(name))
        .map((privilege) => {
          const of = held(account).filter((each) => each.name === privilege && isOn(each, table));
          const names = of.flatMap(({ column }) => spelling.get(key(table.name, column ?? '')) ?? []);
          return { privilege, names: [...new Set(names)].sort() };
        })
        .filter(({ names }) => names.length > 0);
    },
    mayCall: (account, { schema, routine, kind }) =>
      held(account).some(
        (each) =>
          each.name === 'EXECUTE' &&
          each.table === undefined &&
          (each.schema === undefined || coversSchema(each.schema, schema)),
      ) ||
      hosts(account).some(({ name, host }) => {
        const grantees = privileges.grantees(name, host);
        return single.some(
          (row) =>
            grantees.has(granteeOf(row['user'] ?? '', row['host'] ?? '')) &&
            row['in_schema'] === schema &&
            row['kind'] === kind &&
            row['name']?.toLowerCase() === routine.toLowerCase(),
        );
      }),
  };
}
