import { splitMysqlScript } from '../../../rehearsal/databases/mysql/split-mysql-script';

const split = (script: string): string[] => [...splitMysqlScript(script)].map(({ sql }) => sql);

test.each([
  ['plain statements', 'SELECT 1; SELECT 2;', ['SELECT 1', 'SELECT 2']],
  ['no final semicolon', 'SELECT 1;\nSELECT 2', ['SELECT 1', 'SELECT 2']],
  ['empty statements', ';;\n ; SELECT 1;;', ['SELECT 1']],
  ['quotes', `SELECT 'a;''b;', "c;""d;", \`e;\`; SELECT 2`, [`SELECT 'a;''b;', "c;""d;", \`e;\``, 'SELECT 2']],
  [
    'backslashes',
    String.raw`SELECT 'a\';', "b\";", '\\'; SELECT 2`,
    [String.raw`SELECT 'a\';', "b\";", '\\'`, 'SELECT 2'],
  ],
  ['a backslash in a name', 'SELECT `a\\`; SELECT 2', ['SELECT `a\\`', 'SELECT 2']],
  [
    'comments',
    '-- a;\n# b;\n/* c; */ SELECT 1 -- d;\n # e;\n, /* ; */ 2; -- f',
    ['SELECT 1 -- d;\n # e;\n, /* ; */ 2'],
  ],
  ['two minus signs', 'SELECT 1--1; SELECT 2', ['SELECT 1--1', 'SELECT 2']],
  [
    'conditional comments',
    "/*!40101 SET NAMES utf8mb4 */;\n/*M!100100 SET x = 'a;' */;",
    ['/*!40101 SET NAMES utf8mb4 */', "/*M!100100 SET x = 'a;' */"],
  ],
  [
    'the sandbox line of mariadb-dump',
    '/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump\nSELECT 1;',
    ['SELECT 1'],
  ],
  [
    'delimiters',
    'DELIMITER ;;\n/*!50003 CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW BEGIN SET @a = 1; END */;;\ndelimiter ;\nSELECT 1;',
    ['/*!50003 CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW BEGIN SET @a = 1; END */', 'SELECT 1'],
  ],
  ['another delimiter', 'DELIMITER $$\nBEGIN a; b; END$$\n\nDELIMITER ;\nSELECT $1;', ['BEGIN a; b; END', 'SELECT $1']],
])('%s', (_what, script, statements) => {
  expect(split(script)).toEqual(statements);
});

test('each statement knows its line', () => {
  expect([...splitMysqlScript('-- one\n\nSELECT\n1;\n/* five\n*/ SELECT 2;')].map(({ line }) => line)).toEqual([3, 6]);
});

test('a quote without an end is named with its line', () => {
  expect(() => split("SELECT 1;\nSELECT 'a")).toThrow('line 2: a quote or comment that begins here has no end');
});
