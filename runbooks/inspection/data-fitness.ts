import type { Manifest } from '../../definition/manifest/sections';
import type { SqlReader } from '../ports/sql-reader';
import { selectedTables } from './selected-tables';

/** Something in the data that replication by DMS from PostgreSQL to PostgreSQL does not carry, or not as it stands. */
export interface FitnessFinding {
  readonly object: string;
  /** Stable name of the check; a waiver of the definition names it. */
  readonly check:
    'no-key' | 'unlogged' | 'partitioned' | 'inherited' | 'large-objects' | 'type' | 'key-type' | 'no-old-key';
  readonly text: string;
  readonly severity: 'blocks' | 'note';
}

const hasKey = `EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)`;

// What DMS reads from a PostgreSQL source: AWS DMS user guide, "Limitations on using a PostgreSQL database as a DMS source"
// and "Source data types for PostgreSQL". Updates and deletes need a primary key, and none of a LOB type.
const tablesQuery = `
  SELECT n.nspname || '.' || c.relname AS object, f.check, f.text, f.severity
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL (VALUES
    (NOT ${hasKey}, 'no-key', 'has no primary key: updates and deletes are not replicated', 'blocks'),
    (c.relpersistence = 'u', 'unlogged', 'is unlogged: its changes are not in the WAL, so that only the full load is copied', 'blocks'),
    (c.relkind = 'p', 'partitioned', 'is partitioned: DMS replicates its partitions, which must exist on the target, new ones as well', 'note'),
    (c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits h WHERE h.inhparent = c.oid), 'inherited',
      'has child tables by inheritance: they are replicated only where the definition selects them', 'note'),
    (c.relreplident = 'n' OR (c.relreplident = 'd' AND NOT ${hasKey}), 'no-old-key',
      'has no replica identity: the WAL does not say which row an update or a delete concerns', 'blocks')
  ) AS f(found, "check", text, severity)
  WHERE c.oid = ANY ($1::oid[]) AND f.found
  ORDER BY 1, 2`;

/** Types that refer to things of one server, or that DMS has no type for. */
const uncarried = `('xid', 'xid8', 'cid', 'tid', 'regclass', 'regproc', 'regprocedure', 'regoper', 'regoperator', 'regrole',
  'regnamespace', 'regconfig', 'regdictionary', 'txid_snapshot', 'pg_snapshot', 'aclitem', 'refcursor')`;

const columnsQuery = `
  SELECT n.nspname || '.' || c.relname AS object, f.check, f.text, f.severity
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey::int2[])
  CROSS JOIN LATERAL (VALUES
    (t.typname IN ${uncarried}, 'type', format('column %s: DMS does not carry the type %s', a.attname, t.typname), 'blocks'),
    (t.typtype = 'm', 'type', format('column %s: DMS names no type for the multirange %s', a.attname, t.typname), 'blocks'),
    (t.typname IN ('oid', 'lo'), 'large-objects',
      format('column %s: where it names a large object, the object itself is not migrated', a.attname), 'note'),
    (i.indrelid IS NOT NULL AND (t.typcategory = 'A' OR t.typname IN ('json', 'jsonb', 'bytea', 'xml', 'hstore', 'text')), 'key-type',
      format('column %s of the primary key has the type %s, which DMS treats as a LOB', a.attname, t.typname), 'note')
  ) AS f(found, "check", text, severity)
  WHERE c.oid = ANY ($1::oid[]) AND f.found
  ORDER BY 1, 2, 3`;

const largeObjectsQuery = `SELECT count(*) AS objects FROM pg_largeobject_metadata`;

/** Findings about one PostgreSQL side as a source of replication. Reads the catalogue only. */
export async function inspectData(on: {
  reader: SqlReader;
  tables: Manifest['tables'];
  isSource?: boolean;
  signal: AbortSignal;
}): Promise<FitnessFinding[]> {
  const { oids } = await selectedTables(on.reader, on.tables, on.isSource ?? true, on.signal);
  const rows = [
    ...(await on.reader.query(tablesQuery, [oids], on.signal)),
    ...(await on.reader.query(columnsQuery, [oids], on.signal)),
  ];
  const findings = rows as unknown as FitnessFinding[];
  const objects = Number((await on.reader.query(largeObjectsQuery, [], on.signal))[0]?.objects);
  if (objects === 0) return findings;
  const text = `the database holds ${objects} large objects, which are not replicated: copy them while nobody writes`;
  return [...findings, { object: 'database', check: 'large-objects', text, severity: 'blocks' }];
}
