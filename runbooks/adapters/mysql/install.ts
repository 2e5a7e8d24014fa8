import type { Effect } from '../../ports/effect';
import { controlSchema, controlTables } from './control-schema';
import { effectOn, noGuard } from '../database/side';
import type { MysqlSide } from './mysql-side';
import { accountText, quoted } from './names';

/** Two installations at once wait for each other. */
const installLock = 'cutover_local install';
const pollMilliseconds = 50;

const standing = `SELECT COUNT(*) AS tables FROM information_schema.TABLES
  WHERE TABLE_SCHEMA IN ('cutover_local', 'cutover_flow') AND CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) IN (?)`;

/** Accounts of a name, under every host; those that replicate are told by their privilege. */
const accountsNamed = `SELECT DISTINCT u.User AS name, u.Host AS host,
    EXISTS (SELECT 1 FROM information_schema.USER_PRIVILEGES p
      WHERE p.GRANTEE = CONCAT('''', u.User, '''@''', u.Host, '''') AND p.PRIVILEGE_TYPE = 'REPLICATION SLAVE') AS replicates,
    EXISTS (SELECT 1 FROM information_schema.USER_PRIVILEGES p
      WHERE p.GRANTEE = CONCAT('''', u.User, '''@''', u.Host, '''') AND p.PRIVILEGE_TYPE = 'SUPER') AS rules
  FROM mysql.user u WHERE u.User IN (?) ORDER BY 1, 2`;

/** What a grantee may do with a table, by grants of all levels; a database may stand there as a pattern. */
const granted = `SELECT PRIVILEGE_TYPE AS privilege FROM information_schema.USER_PRIVILEGES WHERE GRANTEE = ?
  UNION SELECT PRIVILEGE_TYPE FROM information_schema.SCHEMA_PRIVILEGES WHERE GRANTEE = ? AND ? LIKE TABLE_SCHEMA
  UNION SELECT PRIVILEGE_TYPE FROM information_schema.TABLE_PRIVILEGES WHERE GRANTEE = ? AND TABLE_SCHEMA = ? AND TABLE_NAME = ?`;

interface Need {
  readonly name: string;
  readonly host: string;
  readonly database: string;
  readonly table: string | undefined;
  readonly privileges: readonly string[];
}

/** What replication and the proof of writing lack on the control tables. */
export async function missingGrants(side: MysqlSide, signal: AbortSignal): Promise<Need[]> {
  const { allowed, write } = side.manifest.accounts;
  const writers = new Set(write.map(({ name }) => name));
  const names = [...new Set([...allowed, ...writers])];
  if (names.length === 0) return [];
  const found = await side.reading.rows(accountsNamed, [names], signal);
  const needs = found.flatMap((row): Need[] => {
    const [name, host] = [row['name'] as string, row['host'] as string];
    if (writers.has(name))
      return [{ name, host, database: 'cutover_local', table: 'write_proof', privileges: ['INSERT'] }];
    if (row['replicates'] === '0' || row['rules'] === '1' || name === side.account) return [];
    return [
      { name, host, database: 'cutover_flow', table: undefined, privileges: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] },
    ];
  });
  const missing: Need[] = [];
  for (const need of needs) {
    const { name, host, database, table = '' } = need;
    // As information_schema shows it: nothing is escaped there.
    const grantee = `'${name}'@'${host}'`;
    const rows = await side.reading.rows(granted, [grantee, grantee, database, grantee, database, table], signal);
    const present = new Set(rows.map((row) => row['privilege']));
    const privileges = need.privileges.filter((privilege) => !present.has(privilege));
    if (privileges.length > 0) missing.push({ ...need, privileges });
  }
  return missing;
}

const grantOf = ({ name, host, database, table, privileges }: Need): string =>
  `GRANT ${privileges.join(', ')} ON ${quoted(database)}.${table === undefined ? '*' : quoted(table)} TO ${accountText(name, host)}`;

/** Creates the control databases and grants what replication and the write proof need; a standing state row stays. */
export function installControlSchema(side: MysqlSide): Effect {
  const { reading, migration } = side;
  const installed = async (signal: AbortSignal): Promise<boolean> => {
    const [tables] = await reading.rows(standing, [controlTables], signal);
    if (Number(tables?.['tables']) !== controlTables.length) return false;
    const sql = 'SELECT epoch FROM cutover_local.state WHERE migration = ?';
    const state = await reading.rowsIfMade(sql, [migration], signal);
    return state.length === 1 && (await missingGrants(side, signal)).length === 0;
  };
  return effectOn(side, 'install', {
    touches: `databases cutover_local and cutover_flow on the ${side.title}`,
    precheck: installed,
    act: (effects, signal) =>
      effects.statements(
        signal,
        async (statement) => {
          while ((await statement('SELECT GET_LOCK(?, 0) AS held', [installLock]))[0]?.['held'] !== '1')
            await side.clock.sleep(pollMilliseconds, signal);
          try {
            for (const each of controlSchema) await statement(each);
            await statement(
              `INSERT INTO cutover_local.state (migration, epoch, primary_side, direction, phase, switch_epoch, detail, changed_at)
                 SELECT ?, 0, 'source', 'forward', 'starting', 0, '{}', SYSDATE(6) FROM DUAL
                  WHERE NOT EXISTS (SELECT 1 FROM cutover_local.state WHERE migration = ?)`,
              [migration, migration],
            );
            for (const need of await missingGrants(side, signal)) await statement(grantOf(need));
            await effects.register();
          } finally {
            await statement('DO RELEASE_LOCK(?)', [installLock]).catch(() => undefined);
          }
        },
        noGuard,
      ),
    verify: installed,
  });
}
