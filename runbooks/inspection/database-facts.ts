/** What holds for the whole database. */
const extensions = `
  SELECT 'extension ' || e.extname AS id, e.extname AS object, 'extension' AS kind, 'installed' AS detail,
    format('CREATE EXTENSION IF NOT EXISTS %I;', e.extname) AS ddl, NULL AS parent
  FROM pg_extension e WHERE e.extname <> 'plpgsql'
  UNION ALL
  SELECT 'version of extension ' || e.extname, e.extname, 'version of extension', e.extversion, NULL, 'extension ' || e.extname
  FROM pg_extension e WHERE e.extname <> 'plpgsql'`;

// The same locale has many spellings: en_US.UTF-8, en_US.utf8.
const encoding = `
  SELECT 'encoding' AS id, 'database' AS object, 'encoding' AS kind, pg_encoding_to_char(d.encoding) AS detail, NULL AS ddl
  FROM pg_database d WHERE d.datname = current_database()
  UNION ALL
  SELECT p.kind, 'database', p.kind, replace(lower(p.value), '-', ''), NULL
  FROM pg_database d CROSS JOIN LATERAL (VALUES ('collation', d.datcollate), ('character classes', d.datctype)) p(kind, value)
  WHERE d.datname = current_database()`;

/** Settings that change what statements of an application mean. */
const meaningful = [
  ...[
    'TimeZone',
    'DateStyle',
    'IntervalStyle',
    'bytea_output',
    'standard_conforming_strings',
    'default_transaction_isolation',
  ],
  ...[
    'default_text_search_config',
    'lc_monetary',
    'lc_numeric',
    'lc_time',
    'xmlbinary',
    'array_nulls',
    'quote_all_identifiers',
  ],
];

// What the session itself or its account asked for says nothing about the server.
const parameters = `
  SELECT 'parameter ' || name AS id, 'parameter' AS object, 'parameter ' || name AS kind, setting AS detail, NULL AS ddl
  FROM pg_settings WHERE name IN (${meaningful.map((one) => `'${one}'`).join(', ')})
    AND source NOT IN ('client', 'session', 'user', 'database user')`;

export const databaseFactQueries = [extensions, encoding, parameters] as const;
