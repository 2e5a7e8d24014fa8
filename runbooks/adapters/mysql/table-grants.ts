import type { Grant } from '../../ports/fitness';
import { readAccounts, writeAccounts } from './accounts';
import { heldGrants, type HeldGrants } from './held-grants';
import type { MigratedTable } from './migrated-tables';
import type { MysqlSide } from './mysql-side';
import { accountText, quoted } from './names';

/** From any of its hosts. */
export async function tableGrants(side: MysqlSide, signal: AbortSignal): Promise<Grant[]> {
  const held = await heldGrants(side, signal);
  const declared = [...new Set([...writeAccounts(side), ...readAccounts(side)])];
  const grantOf = (account: string, kind: 'table' | 'view', here: MigratedTable, isUpdatable: boolean): Grant => {
    // A grant on the whole database covers views that nobody could write anyway.
    const isUseful = (privilege: string) => isUpdatable || privilege === 'SELECT';
    const columns = held.onColumns(account, here).filter(({ privilege }) => isUseful(privilege));
    const privileges = held.on(account, here).filter(isUseful);
    return { account, kind, object: here.name, privileges, ...(columns.length > 0 && { columns }) };
  };
  return declared.flatMap((account): Grant[] => [
    ...held.tables.map((table) => grantOf(account, 'table', table, true)),
    ...held.views.map((view) => grantOf(account, 'view', view, view.isUpdatable)),
    ...held.routines
      .filter((routine) => held.mayCall(account, routine))
      .map((routine): Grant => ({ account, kind: 'routine', object: routine.name, privileges: ['EXECUTE'] })),
  ]);
}

interface Missing {
  readonly privilege: string;
  readonly grant: string;
}

/** See the port. */
export async function missingGrants(
  side: MysqlSide,
  wanted: readonly Grant[],
  signal: AbortSignal,
): Promise<Missing[]> {
  const held = await heldGrants(side, signal);
  const columns = await side.reading.rows(
    `SELECT table_schema AS in_schema, table_name AS in_table, column_name AS name FROM information_schema.columns
      WHERE CONCAT(table_schema, '.', table_name) IN (?)`,
    [['', ...wanted.flatMap((grant) => (grant.columns ? [grant.object] : []))]],
    signal,
  );
  const stands = new Set(columns.map((row) => `${row['in_schema']}.${row['in_table']}.${row['name']?.toLowerCase()}`));
  return wanted.flatMap((grant) => {
    // What is not there is told by others: an account, a table, a view, a routine, a column.
    if (held.hosts(grant.account).length === 0) return [];
    return grant.kind === 'routine' ? missingOnRoutine(grant, held) : missingOnTable(grant, held, stands);
  });
}

const hostsText = (held: HeldGrants, account: string): string =>
  held
    .hosts(account)
    .map(({ name, host }) => accountText(name, host))
    .join(', ');

function missingOnRoutine({ account, object }: Grant, held: HeldGrants): Missing[] {
  return held.routines
    .filter((routine) => routine.name === object && !held.mayCall(account, routine))
    .map(({ kind, quoted: name }) => ({
      privilege: `${account}: EXECUTE on ${object}`,
      grant: `GRANT EXECUTE ON ${kind} ${name} TO ${hostsText(held, account)}`,
    }));
}

function missingOnTable(grant: Grant, held: HeldGrants, stands: ReadonlySet<string>): Missing[] {
  const { account, object, privileges, columns = [] } = grant;
  const here = [...held.tables, ...held.views].find(({ name }) => name === object);
  if (!here) return [];
  const standing = held.on(account, here);
  const onColumns = held.onColumns(account, here);
  const isStanding = (name: string) => (standing as readonly string[]).includes(name);
  const lacking = [
    ...privileges.filter((name) => !isStanding(name)).map((name) => [name, name] as const),
    ...columns.flatMap(({ privilege, names }) => {
      const granted = onColumns.find((each) => each.privilege === privilege)?.names ?? [];
      const left = names.filter(
        (name) =>
          stands.has(`${object}.${name.toLowerCase()}`) &&
          !granted.some((one) => one.toLowerCase() === name.toLowerCase()),
      );
      if (isStanding(privilege) || left.length === 0) return [];
      return [[`${privilege} (${left.join(', ')})`, `${privilege} (${left.map(quoted).join(', ')})`] as const];
    }),
  ];
  if (lacking.length === 0) return [];
  return [
    {
      privilege: `${account}: ${lacking.map(([text]) => text).join(', ')} on ${object}`,
      grant: `GRANT ${lacking.map(([, sql]) => sql).join(', ')} ON ${here.quoted} TO ${hostsText(held, account)}`,
    },
  ];
}
