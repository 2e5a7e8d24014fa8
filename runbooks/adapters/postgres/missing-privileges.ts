import { flowSchema, localSchema } from '../../../definition/control-schemas';
import { isOutsider, outsiderValues } from './accounts';
import { migratedTables } from './migrated-tables';
import type { PostgresSide } from './postgres-side';
import { migratedSequences } from './sequences';

interface Check {
  /** Rows are what is missing: privilege and the statement that grants it. `me` is the runbook's account. */
  readonly sql: string;
  readonly values: readonly unknown[];
}

const me = `(SELECT * FROM pg_roles WHERE rolname = current_user) me`;
const rows = (privilege: string, grant: string) => `SELECT ${privilege} AS privilege, ${grant} AS grant`;

/** Locking and unlocking. From PostgreSQL 16 on CREATEROLE alone is not enough (release notes 16, E.1.3.4). */
function locking(side: PostgresSide): Check[] {
  const values = outsiderValues(side);
  const checks: Check[] = [
    {
      sql: `${rows(`'CREATEROLE'`, `format('ALTER ROLE %I CREATEROLE', me.rolname)`)}
            FROM ${me} WHERE NOT (me.rolcreaterole OR me.rolsuper)`,
      values: [],
    },
    {
      sql: `${rows(`'ending sessions'`, `format('GRANT pg_signal_backend TO %I', me.rolname)`)}
            FROM ${me} WHERE NOT pg_has_role('pg_signal_backend', 'USAGE')
              AND EXISTS (SELECT FROM pg_roles r WHERE r.rolcanlogin AND ${isOutsider} AND NOT pg_has_role(r.oid, 'USAGE'))`,
      values,
    },
    {
      sql: `${rows(`'seeing every session'`, `format('GRANT pg_monitor TO %I', me.rolname)`)}
            FROM ${me} WHERE NOT pg_has_role('pg_read_all_stats', 'USAGE')`,
      values: [],
    },
  ];
  checks.push(
    side.version >= 160000
      ? {
          sql: `${rows(`'ADMIN OPTION on ' || r.rolname`, `format('GRANT %I TO %I WITH ADMIN OPTION', r.rolname, me.rolname)`)}
                FROM ${me}, pg_roles r
               WHERE ${isOutsider} AND (r.rolcanlogin OR r.rolname = ANY ($2::text[]))
                 AND NOT (me.rolsuper OR pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION'))`,
          values,
        }
      : {
          sql: `${rows(
            `'locking ' || r.rolname || ', which has REPLICATION'`,
            `format('ALTER ROLE %I NOREPLICATION', r.rolname)`,
          )}
                FROM ${me}, pg_roles r WHERE ${isOutsider} AND r.rolcanlogin AND r.rolreplication AND NOT me.rolsuper`,
          values,
        },
  );
  return checks;
}

function replicating(side: PostgresSide): Check[] {
  return [
    {
      sql: `${rows(
        `'creating replication slots'`,
        `CASE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_replication')
              THEN format('GRANT rds_replication TO %I', me.rolname) ELSE format('ALTER ROLE %I REPLICATION', me.rolname) END`,
      )}
            FROM ${me} WHERE NOT (me.rolreplication OR me.rolsuper
              OR EXISTS (SELECT FROM pg_roles g WHERE g.rolname = 'rds_replication' AND pg_has_role(g.oid, 'USAGE')))`,
      values: [],
    },
    {
      sql: `${rows(`'CREATE on the database'`, `format('GRANT CREATE ON DATABASE %I TO %I', current_database(), me.rolname)`)}
            FROM ${me} WHERE NOT has_database_privilege(current_database(), 'CREATE')
              AND (SELECT count(*) FROM pg_namespace n WHERE n.nspname = ANY ($1::text[])) < 2`,
      values: [[localSchema, flowSchema]],
    },
    {
      sql: `${rows(
        `'the schema ' || n.nspname || ' of ' || o.rolname`,
        `format('GRANT %I TO %I', o.rolname, me.rolname)`,
      )}
            FROM ${me}, pg_namespace n JOIN pg_roles o ON o.oid = n.nspowner
           WHERE n.nspname = ANY ($1::text[]) AND NOT pg_has_role(n.nspowner, 'USAGE')`,
      values: [[localSchema, flowSchema]],
    },
    {
      sql: `${rows(
        `'CONNECT for the allowed account ' || r.rolname`,
        `format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), r.rolname)`,
      )}
            FROM pg_roles r WHERE r.rolname = ANY ($1::text[]) AND r.rolcanlogin
              AND NOT has_database_privilege(r.oid, current_database(), 'CONNECT')
              AND NOT has_database_privilege(current_user, current_database(), 'CONNECT WITH GRANT OPTION')`,
      values: [side.manifest.accounts.allowed],
    },
    {
      sql: `${rows(`'reading ' || c.oid::regclass`, `format('GRANT USAGE ON SCHEMA %I TO %I; GRANT SELECT ON %s TO %2$I', n.nspname, me.rolname, c.oid::regclass)`)}
            FROM ${me}, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = $1 AND lower(c.relname) IN ('awsdms_apply_exceptions', 'awsdms_suspended_tables')
             AND NOT (has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'))`,
      values: [side.manifest.replication.controlSchema],
    },
  ];
}

/** Reading every row of the migrated tables, moving their sequences, and statistics on the side that will be new. */
function holding(side: PostgresSide, tables: readonly string[], sequences: readonly string[]): Check[] {
  const inSchema = (privilege: string, grant: string, lacks: string, oids: readonly string[]): Check => ({
    sql: `${rows(`${privilege} || ' in schema ' || n.nspname`, `format('${grant}', n.nspname, me.rolname)`)}
          FROM ${me}, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.oid = ANY ($1::oid[]) AND ${lacks} GROUP BY n.nspname, me.rolname`,
    values: [oids],
  });
  const checks: Check[] = [
    inSchema(`'USAGE'`, 'GRANT USAGE ON SCHEMA %I TO %I', `NOT has_schema_privilege(n.oid, 'USAGE')`, [
      ...tables,
      ...sequences,
    ]),
    inSchema(
      `'SELECT on ' || count(*) || ' tables'`,
      'GRANT SELECT ON ALL TABLES IN SCHEMA %I TO %I',
      `NOT has_table_privilege(c.oid, 'SELECT')`,
      tables,
    ),
    inSchema(
      `'SELECT and UPDATE on ' || count(*) || ' sequences'`,
      'GRANT SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA %I TO %I',
      // CASE keeps the function from tables: the order of other conditions is the planner's.
      `CASE WHEN c.relkind = 'S' THEN NOT (has_sequence_privilege(c.oid, 'SELECT') AND has_sequence_privilege(c.oid, 'UPDATE')) END`,
      sequences,
    ),
    {
      sql: `${rows(
        `'the rows that row security hides of ' || c.oid::regclass`,
        `format('ALTER ROLE %I BYPASSRLS', me.rolname)`,
      )}
            FROM ${me}, pg_class c WHERE c.oid = ANY ($1::oid[]) AND row_security_active(c.oid)`,
      values: [tables],
    },
  ];
  if (side.side === 'source') return checks;
  const hasMaintain = side.version >= 170000;
  checks.push({
    sql: `${rows(
      `'ANALYZE of ' || count(*) || ' tables of ' || o.rolname`,
      hasMaintain ? `format('GRANT pg_maintain TO %I', me.rolname)` : `format('GRANT %I TO %I', o.rolname, me.rolname)`,
    )}
          FROM ${me}, pg_class c JOIN pg_roles o ON o.oid = c.relowner
         WHERE c.oid = ANY ($1::oid[]) AND NOT pg_has_role(c.relowner, 'USAGE')
           AND NOT (SELECT pg_has_role(d.datdba, 'USAGE') FROM pg_database d WHERE d.datname = current_database())
           ${hasMaintain ? `AND NOT has_table_privilege(c.oid, 'MAINTAIN')` : ''}
         GROUP BY o.rolname, me.rolname`,
    values: [tables],
  });
  return checks;
}

/** What the runbook's account cannot do here, proven by the catalogue, each with the statement that would grant it. */
export async function missingPrivileges(
  side: PostgresSide,
  signal: AbortSignal,
): Promise<{ privilege: string; grant: string }[]> {
  const tables = (await migratedTables(side, signal)).map((table) => table.oid);
  const sequences = (await migratedSequences(side, signal)).map((row) => row['oid'] as string);
  const checks = [...locking(side), ...replicating(side), ...holding(side, tables, sequences)];
  const found = await Promise.all(checks.map(({ sql, values }) => side.reading.rows(sql, values, signal)));
  return found.flat().map((row) => ({ privilege: row['privilege'] as string, grant: row['grant'] as string }));
}
