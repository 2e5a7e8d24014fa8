import { flowSchema, localSchema } from '../../../definition/control-schemas';
import { everyAccount, outsiders } from './accounts';
import { enabledEvents } from './events';
import { fedColumns } from './fed-columns';
import { coversSchema } from './granted-privileges';
import { hasHiddenForeignKeys } from './hidden-foreign-keys';
import { missingGrants } from './install';
import { migratedTables } from './migrated-tables';
import type { MysqlSide } from './mysql-side';
import { accountText, quoted } from './names';
import { serverError } from './sql-error';

interface Grant {
  readonly privileges: ReadonlySet<string>;
  /** Absent: of the whole server. */
  readonly schema: string | undefined;
  readonly table: string | undefined;
}

/** What `ALL PRIVILEGES` does not hold. */
const grantOption = 'GRANT OPTION';
const object = '(`(?:[^`]|``)*`|\\*)';
const line = new RegExp(`^GRANT (.+?) ON (?:TABLE )?${object}\\.${object} TO `, 's');
const unquoted = (text: string): string | undefined =>
  text === '*' ? undefined : text.slice(1, -1).replaceAll('``', '`');

/** One line of SHOW GRANTS; undefined for roles and routines. Columns of a table in brackets count for none of it. */
export function parseGrant(text: string): Grant | undefined {
  const [, list, schema, table] = line.exec(text) ?? [];
  if (list === undefined || schema === undefined || table === undefined) return undefined;
  const words = list.split(/,(?![^(]*\))/).map((word) => word.trim().toUpperCase());
  if (/ WITH GRANT OPTION$/i.test(text)) words.push(grantOption);
  return { privileges: new Set(words), schema: unquoted(schema), table: unquoted(table) };
}

/** What this session may do, roles that are active included: MariaDB shows those where nobody is named, MySQL where they are. */
async function ownGrants(side: MysqlSide, signal: AbortSignal): Promise<Grant[]> {
  let question = 'SHOW GRANTS';
  if (side.product === 'mysql' && side.version >= 80000) {
    const [row] = await side.reading.rows('SELECT CURRENT_ROLE() AS roles', [], signal);
    if (row?.['roles'] && row['roles'] !== 'NONE') question = `SHOW GRANTS FOR CURRENT_USER() USING ${row['roles']}`;
  }
  return (await side.reading.rows(question, [], signal)).flatMap(
    (row) => parseGrant(Object.values(row)[0] ?? '') ?? [],
  );
}

type Has = (privilege: string, schema?: string) => boolean;

const hasOf =
  (grants: readonly Grant[]): Has =>
  (privilege, schema) =>
    grants.some(
      (grant) =>
        grant.table === undefined &&
        (grant.schema === undefined || (schema !== undefined && coversSchema(grant.schema, schema))) &&
        (grant.privileges.has(privilege) || (privilege !== grantOption && grant.privileges.has('ALL PRIVILEGES'))),
    );

/** A privilege by its newest name, and the older ones that hold it too. */
interface Need {
  readonly name: string;
  readonly instead?: readonly string[];
  readonly schema?: string;
  readonly why: string;
}

const mayEnd = ({ product, version }: MysqlSide): Need => {
  const why = 'ending sessions';
  if (product === 'mysql')
    return version >= 80000 ? { name: 'CONNECTION_ADMIN', instead: ['SUPER'], why } : { name: 'SUPER', why };
  return version >= 100502 ? { name: 'CONNECTION ADMIN', instead: ['SUPER'], why } : { name: 'SUPER', why };
};

const mayDefine = ({ product, version }: MysqlSide): Need => {
  const why = 'leaving an event its definer';
  if (product === 'mariadb')
    return version >= 100502 ? { name: 'SET USER', instead: ['SUPER'], why } : { name: 'SUPER', why };
  if (version >= 80200) return { name: 'SET_ANY_DEFINER', instead: ['SET_USER_ID', 'SUPER'], why };
  return version >= 80000 ? { name: 'SET_USER_ID', instead: ['SUPER'], why } : { name: 'SUPER', why };
};

/** RDS gives a procedure in place of the privilege. */
async function hasKillOfRds(side: MysqlSide, signal: AbortSignal): Promise<boolean> {
  const query = `SELECT 1 FROM information_schema.routines WHERE routine_schema = 'mysql' AND routine_name = 'rds_kill'`;
  return (await side.reading.rows(query, [], signal)).length > 0;
}

const control = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE'];

async function needs(side: MysqlSide, has: Has, signal: AbortSignal): Promise<Need[]> {
  const isMariadb = side.product === 'mariadb';
  const tables = await migratedTables(side, signal);
  const schemas = [...new Set([...tables.map(({ schema }) => schema), side.address.database])];
  const counting = new Set((await fedColumns(side, signal)).map(({ table }) => table.schema));
  const every: Need[] = [
    { name: 'CREATE USER', why: 'locking accounts' },
    { name: 'PROCESS', why: 'seeing every session' },
    isMariadb && side.version >= 100502
      ? { name: 'BINLOG MONITOR', instead: ['REPLICATION CLIENT', 'SUPER'], why: 'reading where the binlog ends' }
      : { name: 'REPLICATION CLIENT', instead: ['SUPER'], why: 'reading where the binlog ends' },
    { name: 'REPLICATION SLAVE', why: 'reading the binlog' },
    { name: 'SELECT', schema: 'mysql', why: 'reading accounts' },
    ...schemas.map((schema): Need => ({ name: 'SELECT', schema, why: 'reading rows' })),
    ...schemas.map((schema): Need => ({ name: 'TRIGGER', schema, why: 'seeing triggers' })),
    // An event of any database may write into any other, and is not even seen without.
    { name: 'EVENT', why: 'seeing and disabling the events of every database' },
    ...[...counting].map((schema): Need => ({ name: 'ALTER', schema, why: 'advancing AUTO_INCREMENT' })),
    ...[localSchema, flowSchema].flatMap((schema) =>
      control.map((name): Need => ({ name, schema, why: 'its own tables' })),
    ),
  ];
  if (schemas.every((schema) => has('TRIGGER', schema)) && (await hasHiddenForeignKeys(side, schemas, signal)))
    every.push({ name: 'TRIGGER', why: 'seeing what foreign keys do to the rows of others' });
  if (!(await hasKillOfRds(side, signal))) every.push(mayEnd(side));
  if (!isMariadb && side.version >= 80000)
    every.push({ name: 'XA_RECOVER_ADMIN', why: 'seeing prepared transactions' });
  if (side.side === 'target')
    every.push(...schemas.map((schema): Need => ({ name: 'INSERT', schema, why: 'ANALYZE' })));
  if (has('SELECT', 'mysql')) every.push(...(await needsOfOthers(side, signal)));
  return every;
}

/** What depends on who is there and which events there are. */
async function needsOfOthers(side: MysqlSide, signal: AbortSignal): Promise<Need[]> {
  const found: Need[] = [...new Set((await missingGrants(side, signal)).map(({ database }) => database))].map(
    (schema) => ({
      name: grantOption,
      schema,
      why: 'granting what others need of its tables',
    }),
  );
  const events = await enabledEvents(side, signal);
  const [own] = await side.reading.rows('SELECT CURRENT_USER() AS account', [], signal);
  const me = own?.['account'] ?? '';
  const mine = accountText(me.slice(0, me.lastIndexOf('@')), me.slice(me.lastIndexOf('@') + 1));
  if (events.some(({ definer }) => definer !== mine)) found.push(mayDefine(side));
  if (side.product === 'mysql' && side.version >= 80016) {
    const rows = await side.reading
      .rows(`SELECT USER AS name, HOST AS host FROM mysql.global_grants WHERE PRIV = 'SYSTEM_USER'`, [], signal)
      .catch((error: unknown) => {
        if (serverError(error) === undefined) throw error;
        return [];
      });
    const protectedAccounts = new Set(rows.map((row) => accountText(row['name'] ?? '', row['host'] ?? '')));
    const others = outsiders(side, await everyAccount(side, signal));
    if (others.some(({ text }) => protectedAccounts.has(text)))
      found.push({ name: 'SYSTEM_USER', why: 'locking accounts that have it' });
    else if (events.some(({ definer }) => definer !== mine && protectedAccounts.has(definer)))
      found.push({ name: 'SYSTEM_USER', why: 'leaving an event a definer that has it' });
  }
  return found;
}

/** What the runbook's account cannot do here, proven by its grants, each with the statement that would grant it. */
export async function missingPrivileges(
  side: MysqlSide,
  signal: AbortSignal,
): Promise<{ privilege: string; grant: string }[]> {
  const has = hasOf(await ownGrants(side, signal));
  const [row] = await side.reading.rows('SELECT CURRENT_USER() AS account', [], signal);
  const account = row?.['account'] ?? '';
  const at = account.lastIndexOf('@');
  const grantee = accountText(account.slice(0, at), account.slice(at + 1));
  const missing = (await needs(side, has, signal)).filter(
    ({ name, instead = [], schema }) => ![name, ...instead].some((privilege) => has(privilege, schema)),
  );
  return missing.map(({ name, schema, why }) => ({
    privilege: `${name}${schema === undefined ? '' : ` on ${schema}`} (${why})`,
    grant: `GRANT ${name} ON ${schema === undefined ? '*' : quoted(schema)}.* TO ${grantee}`,
  }));
}
