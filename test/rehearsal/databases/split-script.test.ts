import { splitScript } from '../../../rehearsal/databases/script/split-script';

const split = (script: string): string[] => [...splitScript(script)].map(({ sql }) => sql);

test.each([
  ['plain statements', 'SELECT 1; SELECT 2;', ['SELECT 1', 'SELECT 2']],
  ['no final semicolon', 'SELECT 1;\nSELECT 2', ['SELECT 1', 'SELECT 2']],
  ['empty statements', ';;\n ; SELECT 1;;', ['SELECT 1']],
  ['quotes', `SELECT 'a;''b;', "c;""d;"; SELECT 2`, [`SELECT 'a;''b;', "c;""d;"`, 'SELECT 2']],
  ['a backslash in an ordinary string', String.raw`SELECT 'a\'; SELECT 2`, [String.raw`SELECT 'a\'`, 'SELECT 2']],
  [
    'a backslash in an escape string',
    String.raw`SELECT E'a\';b', e'\\'; SELECT 2`,
    [String.raw`SELECT E'a\';b', e'\\'`, 'SELECT 2'],
  ],
  [
    'a name that ends in e before a string',
    String.raw`SELECT date'\'; SELECT 2`,
    [String.raw`SELECT date'\'`, 'SELECT 2'],
  ],
  ['dollar quotes', 'DO $$ a; $b$ ; $$; DO $b$ $$;$b$', ['DO $$ a; $b$ ; $$', 'DO $b$ $$;$b$']],
  [
    'dollars in names and parameters',
    'SELECT a$b, $1; SELECT c$$; SELECT 3',
    ['SELECT a$b, $1', 'SELECT c$$', 'SELECT 3'],
  ],
  ['comments', '-- a;\nSELECT 1 -- b;\n, /* c; /* d; */ ; */ 2; -- e', ['SELECT 1 -- b;\n, /* c; /* d; */ ; */ 2']],
  [
    'a rule',
    'CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3',
    ['CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)', 'SELECT 3'],
  ],
  [
    'an SQL body',
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END; SELECT 3',
    ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END', 'SELECT 3'],
  ],
  ['a transaction', 'BEGIN; SELECT 1; END; SELECT 2', ['BEGIN', 'SELECT 1', 'END', 'SELECT 2']],
  [
    'names in any script',
    'CREATE TABLE "tablé;" (größe int); SELECT 1',
    ['CREATE TABLE "tablé;" (größe int)', 'SELECT 1'],
  ],
  ['the brackets of a newer pg_dump', '\\restrict abc\n\nSELECT 1;\n\\unrestrict abc\n', ['SELECT 1']],
  [
    'what pg_dump --create and habit add of psql’s commands',
    '\\set ON_ERROR_STOP on\nSELECT 1;\n\\connect other\n\\c other;\nSELECT 2;',
    ['SELECT 1', 'SELECT 2'],
  ],
  ['nothing', ' \n-- only a comment', []],
])('%s', (_, script, expected) => expect(split(script)).toEqual(expected));

test('the data of a COPY stands with its statement, whatever is in it', () => {
  const script =
    "COPY t (a) FROM stdin;\n1;\t'x\n\\N\t\\\\.\n\\.\n\nCOPY u FROM STDIN WITH (FORMAT csv);\n\\.\nSELECT 1;";
  expect([...splitScript(script)]).toEqual([
    { sql: 'COPY t (a) FROM stdin', line: 1, copyData: "1;\t'x\n\\N\t\\\\.\n" },
    { sql: 'COPY u FROM STDIN WITH (FORMAT csv)', line: 6, copyData: '' },
    { sql: 'SELECT 1', line: 8 },
  ]);
});

test('lines are those of the script', () => {
  const script = "\n-- a comment\n\nSELECT\n'a\nb';  SELECT 2;\n/* c\n */ SELECT 3;";
  expect([...splitScript(script)].map(({ line }) => line)).toEqual([4, 6, 8]);
});

test.each([
  ["SELECT 1;\nSELECT 'open", 'line 2: a quote or comment'],
  ['SELECT $a$ open $$', 'line 1: a quote or comment'],
  ['/* /* */', 'line 1: a quote or comment'],
  ['SELECT (1;\n', 'line 1: the statement that begins here is not complete'],
  ['COPY t FROM stdin;\n1\n', 'line 1: the data of this COPY has no end'],
  ['\\i other.sql\n', 'line 1: \\i is a command of psql'],
  ['SELECT 1 \\gset\n', 'line 1: \\gset is a command of psql'],
])('%p is refused', (script, message) => expect(() => split(script)).toThrow(message));

test('a script of many megabytes is split in reasonable time', () => {
  const insert = `INSERT INTO t VALUES ${Array.from({ length: 20_000 }, (_, n) => `(${n}, 'text ; ${n}')`).join(', ')};\n`;
  expect(split(insert.repeat(10))).toHaveLength(10);
});
