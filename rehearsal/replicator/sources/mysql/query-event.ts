import type { TableName } from '../../row-change';

/** What a statement in the binlog means for whoever reads rows. */
export type Statement =
  | { kind: 'begin' | 'commit' | 'rollback' | 'within' | 'other' }
  | { kind: 'rows as statement'; verb: string }
  | { kind: 'truncate'; table: TableName }
  | { kind: 'table changed'; verb: string; table: TableName };

const comments = /^(\s|\/\*(?!!).*?\*\/|--[^\n]*\n|#[^\n]*\n)+/s;
const identifier = '(?:`(?:[^`]|``)+`|"(?:[^"]|"")+"|[\\p{L}\\p{N}_$]+)';
const tableStatement = new RegExp(
  `^(ALTER|TRUNCATE|DROP|RENAME|CREATE)\\s+(?:OR\\s+REPLACE\\s+)?(?:ONLINE\\s+|IGNORE\\s+)*(?:TABLE\\s+|TABLES\\s+)?` +
    `(?:IF\\s+(?:NOT\\s+)?EXISTS\\s+)?(${identifier})(?:\\s*\\.\\s*(${identifier}))?`,
  'iu',
);
/** Statements about something else than a table: a word after the verb that is no name of one. */
const otherObject =
  /^(ALTER|DROP|RENAME|CREATE)\s+(OR\s+REPLACE\s+)?(DEFINER|ALGORITHM|SQL|TEMPORARY|VIEW|DATABASE|SCHEMA|USER|ROLE|INDEX|UNIQUE|FULLTEXT|SPATIAL|TRIGGER|PROCEDURE|FUNCTION|AGGREGATE|EVENT|SERVER|LOGFILE|TABLESPACE|UNDO|INSTANCE|SEQUENCE|PACKAGE|RESOURCE|SPATIAL)\b/i;

/** Reads a Query event: `BEGIN`, the end of a transaction, or a statement that the binlog holds as text. */
export function readStatement(text: string, defaultSchema: string): Statement {
  const statement = text.replace(comments, '').trimEnd();
  const verb = (/^[A-Za-z]+/.exec(statement)?.[0] ?? '').toUpperCase();
  switch (verb) {
    case 'BEGIN':
    case 'START':
      return { kind: 'begin' };
    case 'COMMIT':
      return { kind: 'commit' };
    case 'ROLLBACK':
      return /^ROLLBACK\s+(WORK\s+)?TO\b/i.test(statement) ? { kind: 'rows as statement', verb } : { kind: 'rollback' };
    case 'SAVEPOINT':
    case 'RELEASE':
      return { kind: 'within' };
    case 'XA':
      return xa(statement);
    case 'INSERT':
    case 'UPDATE':
    case 'DELETE':
    case 'REPLACE':
    case 'LOAD':
      return { kind: 'rows as statement', verb };
    default:
      return ddl(statement, verb, defaultSchema);
  }
}

function xa(statement: string): Statement {
  if (/^XA\s+(START|BEGIN)\b/i.test(statement)) return { kind: 'begin' };
  return /^XA\s+END\b/i.test(statement) ? { kind: 'within' } : { kind: 'other' };
}

function ddl(statement: string, verb: string, defaultSchema: string): Statement {
  if (otherObject.test(statement)) return { kind: 'other' };
  const [, , first, second] = tableStatement.exec(statement) ?? [];
  if (first === undefined) return { kind: 'other' };
  const table = { schema: second === undefined ? defaultSchema : plain(first), table: plain(second ?? first) };
  return verb === 'TRUNCATE' ? { kind: 'truncate', table } : { kind: 'table changed', verb, table };
}

const plain = (name: string): string => {
  const mark = name[0];
  if (mark !== '`' && mark !== '"') return name;
  return name.slice(1, -1).replaceAll(mark + mark, mark);
};
