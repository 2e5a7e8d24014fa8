import { escapeLiteral } from 'pg';
import { nameOfEngine, type Administrator } from '../engines/any-engine';
import type { Engine } from '../engines/postgres';
import { likeOurs } from './clear-postgres';
import {
  clockProblem,
  connectionsProblem,
  namesProblem,
  setting,
  takenProblem,
  type Findings,
  type Problem,
} from './findings';
import type { LookOptions } from './look-at-mysql';
import { madeSchemas, notesSchema } from './made-names';
import { noted, readNotes } from './notes';

/** Privileges on settings, without which replication could not keep triggers quiet, are there since 15. */
const leastMajorVersion = 15;

const facts = `SELECT current_setting('wal_level') AS wal_level, current_setting('track_commit_timestamp') AS commit_times,
    current_setting('max_replication_slots')::int - (SELECT count(*) FROM pg_replication_slots) AS slots,
    current_setting('max_wal_senders')::int - (SELECT count(*) FROM pg_stat_replication) AS senders,
    current_setting('max_connections')::int - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
    pg_is_in_recovery() AS follows, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS rules,
    current_user AS me, coalesce(host(inet_server_addr()), 'local') AS host,
    (SELECT setting::int FROM pg_settings WHERE name = 'wal_sender_timeout') AS sender_timeout`;

/** Looks at a PostgreSQL server; reads alone. */
export async function lookAtPostgres(
  session: Administrator,
  engine: Engine,
  options: LookOptions & { readonly slots: readonly string[] },
): Promise<Findings> {
  const notes = await readNotes(session);
  const [found = {}] = await session.query(facts);
  const roles = await session.query('SELECT rolname AS name, rolcanlogin AS open, rolsuper AS rules FROM pg_roles');
  const me = String(found['me']);
  const ours = new Set([...options.accounts, me]);
  const others = roles
    .filter((row) => !row['rules'] && row['open'])
    .map((row) => String(row['name']))
    .filter((name) => !ours.has(name) && !name.startsWith('rds'));
  const sessions = await session.query(
    'SELECT DISTINCT usename AS name FROM pg_stat_activity WHERE datname = current_database() AND usename IS NOT NULL',
  );
  const kept = await session.query(`SELECT name FROM (${likeOurs}) found`);
  const left = new Set(notes === undefined ? [] : noted(notes, 'account'));
  const names = new Set(roles.map((row) => String(row['name'])));
  return {
    product: nameOfEngine(engine),
    serverName: String(found['host']),
    problems: [
      ...settingProblems(found, engine),
      ...takenProblem(
        'the role',
        options.accounts.filter((name) => names.has(name) && !left.has(name)),
        'drop it, or name others in the file of --workload (accounts)',
      ),
      ...namesProblem(others),
      ...(notes === undefined ? await takenByOthers(session, options.slots) : []),
      ...connectionsProblem(
        Number(found['connections']),
        options.connections,
        'ALTER SYSTEM SET max_connections = …, and restart',
      ),
      ...(await clockProblem(async () => {
        const [row] = await session.query('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now');
        return Number(row?.['now']);
      })),
    ],
    ...(notes === undefined ? {} : { leftBySince: noted(notes, 'run')[0] ?? 'unknown' }),
    others,
    events: [],
    connected: sessions.map((row) => String(row['name'])).filter((name) => others.includes(name)),
    // What an earlier rehearsal has left under such names is not theirs.
    kept: notes === undefined ? kept.map((row) => String(row['name'])) : noted(notes, 'kept'),
  };
}

function settingProblems(found: Record<string, unknown>, { majorVersion }: Engine): Problem[] {
  const problems: Problem[] = [];
  const restarted = (name: string, value: string) =>
    `ALTER SYSTEM SET ${name} = ${value}, and restart the server (RDS: in its parameter group)`;
  if (majorVersion < leastMajorVersion)
    problems.push(
      setting('its version', majorVersion, `${leastMajorVersion} or newer`, 'rehearse with a newer target'),
    );
  if (found['wal_level'] !== 'logical')
    problems.push(setting('wal_level', found['wal_level'], 'logical', restarted('wal_level', 'logical')));
  if (found['commit_times'] !== 'on')
    problems.push(
      setting('track_commit_timestamp', found['commit_times'], 'on', restarted('track_commit_timestamp', 'on')),
    );
  for (const [name, value, least] of [
    ['max_replication_slots', found['slots'], 3],
    ['max_wal_senders', found['senders'], 3],
  ] as const)
    if (Number(value) < least)
      problems.push({
        what: `of ${name} ${String(value)} are free, and ${least} are needed`,
        mend: restarted(name, '20'),
      });
  const timeout = Number(found['sender_timeout']);
  if (timeout >= 1 && timeout < 10_000)
    problems.push(
      setting(
        'wal_sender_timeout',
        `${timeout} ms`,
        '0 or at least 10000 ms',
        'ALTER SYSTEM SET wal_sender_timeout = 60000, SELECT pg_reload_conf()',
      ),
    );
  if (found['follows'] === true)
    problems.push({ what: 'it follows another server and takes no writes', mend: 'name the primary' });
  if (found['rules'] !== true)
    problems.push({
      what: `${String(found['me'])} is no superuser, and a rehearsal makes accounts that replicate`,
      mend: `ALTER ROLE ${String(found['me'])} SUPERUSER, or name another account`,
    });
  return problems;
}

/** Without notes nothing of these names is a rehearsal's: it belongs to somebody. */
async function takenByOthers(session: Administrator, slots: readonly string[]): Promise<Problem[]> {
  const rows = await session.query('SELECT nspname AS name FROM pg_namespace');
  const schemas = new Set(rows.map((row) => String(row['name'])));
  const list = slots.map(escapeLiteral).join(', ');
  const found = await session.query(`SELECT slot_name AS name FROM pg_replication_slots WHERE slot_name IN (${list})`);
  const mend = 'it belongs to a migration that is under way on this server: finalize that one, or rehearse elsewhere';
  return [
    ...takenProblem(
      'the schema',
      [...madeSchemas, notesSchema].filter((name) => schemas.has(name)),
      mend,
    ),
    ...takenProblem(
      'the slot',
      found.map((row) => String(row['name'])),
      mend,
    ),
  ];
}
