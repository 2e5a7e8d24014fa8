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
    // The column stands on the target as well; a trigger there makes the converted one of it.
    case 'microseconds-to-interval':
    case 'convert-column':
    // Nor does anything come from the source for a column that only the target has.
    case 'add-column':
      return [];
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
    case 'microseconds-to-interval':
    case 'convert-column':
      return [rule('remove-column', 'column', columnLocator(targetTable(migration, one.table), one.to), {})];
    case 'add-column':
      return [rule('remove-column', 'column', columnLocator(targetTable(migration, one.table), one.column), {})];
    case 'change-type':
    case 'drop-column':
      return [];
  }
}

/** The transformation rules of a task, in the order of the definition. */
export const transformationRules = (migration: Pick<Migration, 'transformations'>, move: Move): UnnumberedRule[] =>
  migration.transformations.flatMap((one) => (move === 'forward' ? forwardRules(one) : reverseRules(migration, one)));
