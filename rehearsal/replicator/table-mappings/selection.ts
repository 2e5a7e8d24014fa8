import type { TableName } from '../row-change';
import type { SelectionRule } from './rules';
import { matcher } from './wildcard';

/** Schemas that no task captures: the engine's own, and the control tables that tasks write themselves. */
const neverCaptured = (schema: string, controlSchema: string): boolean =>
  schema === controlSchema || schema === 'information_schema' || schema.startsWith('pg_');

/** True for the tables that a task captures: included or named explicitly, and not excluded. */
export function selector(rules: SelectionRule[], controlSchema: string): (table: TableName) => boolean {
  const tests = rules.map((rule) => {
    const { 'schema-name': schema, 'table-name': table } = rule['object-locator'];
    const exact = rule['rule-action'] === 'explicit';
    const [schemaMatches, tableMatches] = [schema, table].map((name) =>
      exact ? (candidate: string) => candidate === name : matcher(name),
    ) as [(name: string) => boolean, (name: string) => boolean];
    return {
      excludes: rule['rule-action'] === 'exclude',
      matches: (name: TableName) => schemaMatches(name.schema) && tableMatches(name.table),
    };
  });
  return (table) =>
    !neverCaptured(table.schema, controlSchema) &&
    tests.some((test) => !test.excludes && test.matches(table)) &&
    !tests.some((test) => test.excludes && test.matches(table));
}
