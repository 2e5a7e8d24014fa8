import type { Migration, Transformation } from '../schema/migration';
import type { UnnumberedRule } from './mapping-rule';
import { targetColumn, targetTable } from './target-names';

type Move = 'forward' | 'reverse';
type Locator = Record<string, string>;

const rule = (action: string, target: string, locator: Locator, more: Partial<UnnumberedRule>): UnnumberedRule => ({
  'rule-type': 'transformation',
  'rule-action': action,
  'rule-target': target,
  'object-locator': locator,
  ...more,
});

const tableLocator = (table: string): Locator => {
  const dot = table.indexOf('.');
  return { 'schema-name': table.slice(0, dot), 'table-name': table.slice(dot + 1) };
};
const columnLocator = (table: string, column: string): Locator => ({ ...tableLocator(table), 'column-name': column });

/** DMS expressions are SQLite's; `$name` is a column. 'N microseconds' is a text that PostgreSQL reads as interval. */
const toInterval = (column: string) => `$${column} || ' microseconds'`;

/** PostgreSQL writes such an interval as [-]HH:MM:SS[.ffffff], with as many hours as it takes. */
const toMicroseconds = (column: string) => {
  const unsigned = `ltrim($${column}, '-')`;
  const afterHours = `substr(${unsigned}, instr(${unsigned}, ':') + 1)`;
  return (
    `(CASE WHEN $${column} LIKE '-%' THEN -1 ELSE 1 END) * (` +
    `CAST(substr(${unsigned}, 1, instr(${unsigned}, ':') - 1) AS INTEGER) * 3600000000` +
    ` + CAST(substr(${afterHours}, 1, 2) AS INTEGER) * 60000000` +
    ` + CAST(round(CAST(substr(${afterHours}, 4) AS REAL) * 1000000) AS INTEGER))`
  );
};

function forwardRules(one: Transformation): UnnumberedRule[] {
  switch (one.kind) {
    case 'rename-schema':
      return [rule('rename', 'schema', { 'schema-name': one.schema }, { value: one.to })];
    case 'rename-table':
      return [rule('rename', 'table', tableLocator(one.table), { value: one.to })];
    case 'rename-column':
      return [rule('rename', 'column', columnLocator(one.table, one.column), { value: one.to })];
    case 'change-type': {
      const dataType = one.length === undefined ? { type: one.type } : { type: one.type, length: one.length };
      return [rule('change-data-type', 'column', columnLocator(one.table, one.column), { 'data-type': dataType })];
    }
    case 'microseconds-to-interval':
      return [
        rule('add-column', 'column', tableLocator(one.table), {
          value: one.to,
          expression: toInterval(one.column),
          'data-type': { type: 'string', length: 50 },
        }),
        rule('remove-column', 'column', columnLocator(one.table, one.column), {}),
      ];
    case 'drop-column':
      return [rule('remove-column', 'column', columnLocator(one.table, one.column), {})];
  }
}

/** The same, led back: located by the names of the target. Types and dropped columns need none, the tables are there. */
function reverseRules(migration: Pick<Migration, 'transformations'>, one: Transformation): UnnumberedRule[] {
  switch (one.kind) {
    case 'rename-schema':
      return [rule('rename', 'schema', { 'schema-name': one.to }, { value: one.schema })];
    case 'rename-table': {
      const original = one.table.slice(one.table.indexOf('.') + 1);
      return [rule('rename', 'table', tableLocator(targetTable(migration, one.table)), { value: original })];
    }
    case 'rename-column': {
      const locator = columnLocator(targetTable(migration, one.table), targetColumn(migration, one.table, one.column));
      return [rule('rename', 'column', locator, { value: one.column })];
    }
    case 'microseconds-to-interval': {
      const table = targetTable(migration, one.table);
      return [
        rule('add-column', 'column', tableLocator(table), {
          value: one.column,
          expression: toMicroseconds(one.to),
          'data-type': { type: 'int8' },
        }),
        rule('remove-column', 'column', columnLocator(table, one.to), {}),
      ];
    }
    case 'change-type':
    case 'drop-column':
      return [];
  }
}

/** The transformation rules of a task, in the order of the definition. */
export const transformationRules = (migration: Pick<Migration, 'transformations'>, move: Move): UnnumberedRule[] =>
  migration.transformations.flatMap((one) => (move === 'forward' ? forwardRules(one) : reverseRules(migration, one)));
