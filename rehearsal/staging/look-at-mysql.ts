import type { Administrator } from '../engines/any-engine';
import { administrativePrivileges } from '../databases/mysql/grants';
import type { MysqlEngine } from '../engines/mysql';
import { nameOfEngine } from '../engines/any-engine';
import {
  clockProblem,
  connectionsProblem,
  namesProblem,
  setting,
  takenProblem,
  type Findings,
  type Problem,
} from './findings';
import { madeSchemas, notesSchema } from './made-names';
import { noted, readNotes, type Note } from './notes';

export interface LookOptions {
  /** Accounts that the rehearsal would make. */
  readonly accounts: readonly string[];
  readonly connections: number;
}

const leastRetentionSeconds = 24 * 3600;
const wanted: Readonly<Record<string, string>> = {
  log_bin: 'ON',
  binlog_format: 'ROW',
  binlog_row_image: 'FULL',
  binlog_row_metadata: 'FULL',
  binlog_row_value_options: '',
  binlog_transaction_compression: 'OFF',
  log_bin_compress: 'OFF',
  read_only: 'OFF',
};
/** What whoever makes the accounts must hold, and be able to pass on. */
const needed = [
  ...['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'INDEX', 'REFERENCES', 'TRIGGER', 'EVENT'],
  ...[
    'EXECUTE',
    'CREATE VIEW',
    'SHOW VIEW',
    'CREATE ROUTINE',
    'ALTER ROUTINE',
    'CREATE TEMPORARY TABLES',
    'LOCK TABLES',
  ],
  ...['PROCESS', 'CREATE USER', 'REPLICATION SLAVE'],
];

/** Looks at a MySQL or MariaDB server; reads alone. */
export async function lookAtMysql(
  session: Administrator,
  engine: MysqlEngine,
  options: LookOptions,
): Promise<Findings> {
  const notes = await readNotes(session);
  const variables = await variablesOf(session);
  const accounts = await accountsOf(session, engine);
  const [now] = await session.query('SELECT CURRENT_USER() AS me, @@hostname AS host');
  const connected = new Set((await session.query('SHOW PROCESSLIST')).map((row) => String(row['User'])));
  const ours = new Set([...options.accounts, String(now?.['me']).replace(/@[^@]*$/, '')]);
  const others = accounts
    .filter(({ name, isSuper, isLocked }) => !isSuper && !isLocked && !ours.has(name))
    .map(({ name }) => name)
    .filter((name, at, all) => all.indexOf(name) === at && !/^(mysql\.|mariadb\.|rds)/.test(name));
  return {
    product: nameOfEngine(engine),
    serverName: String(now?.['host']),
    problems: [
      ...settingProblems(variables),
      ...(await privilegeProblems(session, engine)),
      ...(await taken(session, accounts, notes, options)),
      ...namesProblem(others),
      ...connectionsProblem(
        Number(variables.get('max_connections')) - Number((await statusOf(session, 'Threads_connected')) ?? 0),
        options.connections,
        'SET GLOBAL max_connections = …',
      ),
      ...(await clockProblem(async () => {
        const [row] = await session.query('SELECT UNIX_TIMESTAMP(SYSDATE(6)) * 1000 AS now');
        return Number(row?.['now']);
      })),
    ],
    ...(notes === undefined ? {} : { leftBySince: noted(notes, 'run')[0] ?? 'unknown' }),
    others,
    connected: others.filter((name) => connected.has(name)),
    events: await eventsOf(session),
    kept: [],
  };
}

async function variablesOf(session: Administrator): Promise<Map<string, string>> {
  const names = [
    ...Object.keys(wanted),
    'server_id',
    'max_connections',
    'binlog_expire_logs_seconds',
    'expire_logs_days',
  ];
  const rows = await session.query(
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${names.map((name) => `'${name}'`).join(', ')})`,
  );
  return new Map(rows.map((row) => [String(row['Variable_name']), String(row['Value'])]));
}

async function statusOf(session: Administrator, name: string): Promise<string | undefined> {
  const [row] = await session.query(`SHOW GLOBAL STATUS LIKE '${name}'`);
  return row === undefined ? undefined : String(row['Value']);
}

function settingProblems(variables: ReadonlyMap<string, string>): Problem[] {
  const problems = Object.entries(wanted).flatMap(([name, value]) => {
    const found = variables.get(name);
    if (found === undefined || found.toUpperCase() === value) return [];
    const mend =
      name === 'log_bin'
        ? 'start the server with log_bin (RDS: switch automated backups on)'
        : name === 'log_bin_compress' || name === 'binlog_transaction_compression'
          ? `SET GLOBAL ${name} = OFF`
          : `SET GLOBAL ${name} = '${value}', also in its configuration, and let sessions that are open connect anew`;
    return [setting(name, found, value || 'nothing', mend)];
  });
  if (variables.get('server_id') === '0')
    problems.push(setting('server_id', 0, 'another number', 'SET GLOBAL server_id = 1'));
  const seconds =
    Number(variables.get('binlog_expire_logs_seconds') ?? 0) || Number(variables.get('expire_logs_days') ?? 0) * 86400;
  if (seconds > 0 && seconds < leastRetentionSeconds)
    problems.push(
      setting(
        'binlog_expire_logs_seconds',
        seconds,
        `at least ${leastRetentionSeconds}`,
        `SET GLOBAL binlog_expire_logs_seconds = ${leastRetentionSeconds}`,
      ),
    );
  return problems;
}

async function privilegeProblems(session: Administrator, engine: MysqlEngine): Promise<Problem[]> {
  const rows = await session.query('SHOW GRANTS FOR CURRENT_USER()');
  const passable = new Set<string>();
  for (const row of rows) {
    const [, list = '', grantee = ''] = /^GRANT (.+?) ON \*\.\* TO (.+)$/.exec(String(Object.values(row)[0])) ?? [];
    if (/ WITH GRANT OPTION/.test(grantee)) for (const word of list.split(',')) passable.add(word.trim().toUpperCase());
  }
  if (passable.has('ALL PRIVILEGES')) return [];
  const missing = [...needed, ...administrativePrivileges(engine)].filter((privilege) => !passable.has(privilege));
  if (missing.length === 0) return [];
  const [me] = await session.query('SELECT CURRENT_USER() AS me');
  const account = String(me?.['me']).replace(/^(.*)@([^@]*)$/, "'$1'@'$2'");
  return [
    {
      what: `${account} may not make the accounts of a rehearsal: it cannot pass on ${missing.join(', ')}`,
      mend: `GRANT ${missing.join(', ')} ON *.* TO ${account} WITH GRANT OPTION`,
    },
  ];
}

async function eventsOf(session: Administrator): Promise<string[]> {
  const [scheduler] = await session.query('SELECT @@GLOBAL.event_scheduler AS state');
  if (!['ON', '1'].includes(String(scheduler?.['state']))) return [];
  const rows = await session.query(
    `SELECT CONCAT(EVENT_SCHEMA, '.', EVENT_NAME) AS name FROM information_schema.EVENTS
      WHERE STATUS = 'ENABLED' AND EVENT_SCHEMA NOT IN ('mysql', 'sys') ORDER BY 1`,
  );
  return rows.map((row) => String(row['name']));
}

interface FoundAccount {
  readonly name: string;
  readonly isLocked: boolean;
  readonly isSuper: boolean;
}

async function accountsOf(session: Administrator, { product }: MysqlEngine): Promise<FoundAccount[]> {
  const sql =
    product === 'mariadb'
      ? `SELECT g.User AS name, u.Super_priv AS super, JSON_VALUE(g.Priv, '$.account_locked') AS locked
           FROM mysql.global_priv g JOIN mysql.user u ON u.User = g.User AND u.Host = g.Host
          WHERE COALESCE(JSON_VALUE(g.Priv, '$.is_role'), '') NOT IN ('1', 'true')`
      : 'SELECT User AS name, Super_priv AS super, account_locked AS locked FROM mysql.user';
  return (await session.query(sql)).map((row) => ({
    name: String(row['name']),
    isLocked: ['1', 'true', 'Y'].includes(String(row['locked'])),
    isSuper: row['super'] === 'Y',
  }));
}

/** Without notes nothing of these names is a rehearsal's: it belongs to somebody. */
async function taken(
  session: Administrator,
  accounts: readonly FoundAccount[],
  notes: readonly Note[] | undefined,
  options: LookOptions,
): Promise<Problem[]> {
  const left = new Set(notes === undefined ? [] : noted(notes, 'account'));
  const names = new Set(accounts.map(({ name }) => name));
  const colliding = options.accounts.filter((name) => names.has(name) && !left.has(name));
  const rows = await session.query('SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA');
  const schemas = new Set(rows.map((row) => String(row['name'])));
  return [
    ...takenProblem('the account', colliding, 'drop it, or name others in the file of --workload (accounts)'),
    ...(notes === undefined
      ? takenProblem(
          'the database',
          [...madeSchemas, notesSchema].filter((name) => schemas.has(name)),
          'it belongs to a migration that is under way on this server: finalize that one, or rehearse elsewhere',
        )
      : []),
  ];
}
