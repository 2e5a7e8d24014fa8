import { escapeIdentifier as id, escapeLiteral } from 'pg';
import type { Administrator } from '../engines/any-engine';
import { madeSchemas, notesSchema } from './made-names';
import { noted, type Note } from './notes';

const array = (values: readonly string[]): string => `ARRAY[${values.map(escapeLiteral).join(', ')}]::text[]`;

/** Takes away from a PostgreSQL server what a rehearsal made. Safe to repeat. */
export async function clearPostgres(
  session: Administrator,
  notes: readonly Note[],
  slots: readonly string[],
): Promise<string[]> {
  const accounts = noted(notes, 'account');
  await session.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = ANY (${array(accounts)})`,
  );
  const ours = `SELECT slot_name AS name, active_pid FROM pg_replication_slots WHERE slot_name = ANY (${array(slots)})`;
  await session.query(`SELECT pg_terminate_backend(active_pid, 5000) FROM (${ours}) s WHERE active_pid IS NOT NULL`);
  const dropped = await session.query(`SELECT name, pg_drop_replication_slot(name) FROM (${ours}) s`);
  const constraints = await constraintsOf(session, noted(notes, 'kept'));
  const roles = await session.query(`SELECT rolname AS name FROM pg_roles WHERE rolname = ANY (${array(accounts)})`);
  const names = roles.map((row) => id(String(row['name']))).join(', ');
  await session.query(
    [
      'BEGIN',
      ...constraints,
      ...madeSchemas.map((name) => `DROP SCHEMA IF EXISTS ${id(name)} CASCADE`),
      ...(names === '' ? [] : [`DROP OWNED BY ${names}`, `DROP ROLE ${names}`]),
      // With all the rest: until then somebody else could go on with it.
      `DROP SCHEMA IF EXISTS ${notesSchema} CASCADE`,
      'COMMIT',
    ].join(';\n'),
  );
  return [
    ...(accounts.length > 0 ? [`accounts ${accounts.join(', ')}`] : []),
    `schemas ${madeSchemas.join(', ')}`,
    ...dropped.map((row) => `slot ${String(row['name'])}`),
    ...(constraints.length > 0 ? [`${constraints.length} triggers, constraints and indexes that check generates`] : []),
  ];
}

/** Constraints, indexes, collations, triggers and functions that stand under names of ours, as `kept` has them and as statements to drop them. */
export const likeOurs = `
  SELECT 1 AS turn, format('%s %s', conrelid::regclass, conname) AS name,
         format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS sql
    FROM pg_constraint WHERE conrelid <> 0 AND conname LIKE 'cutover\\_%' AND connamespace::regnamespace::text !~ '^cutover_'
  UNION ALL
  SELECT 2, format('%s', i.indexrelid::regclass), format('DROP INDEX %s', i.indexrelid::regclass)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
   WHERE c.relname LIKE 'cutover\\_%' AND c.relnamespace::regnamespace::text !~ '^cutover_'
     AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
  UNION ALL
  SELECT 3, format('%s.%s', collnamespace::regnamespace, collname),
         format('DROP COLLATION %s.%I', collnamespace::regnamespace, collname)
    FROM pg_collation WHERE collname LIKE 'cutover\\_%'
  UNION ALL
  SELECT 4, format('%s %s', c.oid::regclass, t.tgname), format('DROP TRIGGER %I ON %s', t.tgname, c.oid::regclass)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
   WHERE NOT t.tgisinternal AND t.tgname LIKE 'cutover\\_%' AND c.relnamespace::regnamespace::text !~ '^cutover_'
  UNION ALL
  SELECT 5, p.oid::regprocedure::text, format('DROP FUNCTION %s', p.oid::regprocedure)
    FROM pg_proc p WHERE p.pronamespace::regnamespace::text !~ '^cutover_'
     AND (p.proname = 'cutover_numbers_fit' OR p.proname LIKE 'cutover\\_%' AND p.prorettype = 'trigger'::regtype)`;

async function constraintsOf(session: Administrator, kept: readonly string[]): Promise<string[]> {
  const rows = await session.query(`SELECT * FROM (${likeOurs}) found ORDER BY turn, name`);
  return rows.filter((row) => !kept.includes(String(row['name']))).map((row) => String(row['sql']));
}
