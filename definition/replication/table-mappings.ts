import { flowSchema, localSchema } from '../control-schemas';
import type { Migration } from '../schema/migration';
import type { MappingRule, UnnumberedRule } from './mapping-rule';
import type { TaskName } from './names';
import { reversedSelection, type SelectedTables } from './target-names';
import { transformationRules } from './transformation-rules';

const selection = (pattern: string, action: 'include' | 'exclude'): UnnumberedRule => {
  const dot = pattern.indexOf('.');
  return {
    'rule-type': 'selection',
    'rule-action': action,
    'object-locator': { 'schema-name': pattern.slice(0, dot), 'table-name': pattern.slice(dot + 1) },
  };
};

/**
 * The `TableMappings` of one task. A task carries the application's tables and the markers and heartbeats of its own direction;
 * never `cutover_local`, whose rows belong to one side, and never the tables of the other direction, which would come back.
 */
export function tableMappings(migration: Migration, task: TaskName): { rules: MappingRule[] } {
  const forward: SelectedTables = migration.tables;
  const tables = task === 'reverse' ? reversedSelection(migration) : forward;
  const rules: UnnumberedRule[] = [
    ...tables.include.map((pattern) => selection(pattern, 'include')),
    selection(`${flowSchema}.%${task === 'reverse' ? '_reverse' : '_forward'}`, 'include'),
    ...tables.exclude.map((pattern) => selection(pattern, 'exclude')),
    selection(`${localSchema}.%`, 'exclude'),
    ...transformationRules(migration, task === 'reverse' ? 'reverse' : 'forward'),
  ];
  return {
    rules: rules.map((rule, index) => ({
      ...rule,
      'rule-id': String(index + 1),
      'rule-name': `${rule['rule-action']}-${index + 1}`,
    })),
  };
}
