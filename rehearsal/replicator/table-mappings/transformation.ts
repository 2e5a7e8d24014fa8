import type { TableName } from '../row-change';
import type { TransformationRule } from './rules';
import { matcher } from './wildcard';

/** How the names of one source table arrive on the target. A column that is removed becomes `undefined`. */
export interface Renaming {
  target: TableName;
  column(name: string): string | undefined;
}

/** Applies the transformation rules, in their order, to the names of `table`. Locators speak of the source's names. */
export function renamingOf(table: TableName, rules: TransformationRule[]): Renaming {
  const concerning = rules.filter(
    (rule) =>
      matcher(rule['object-locator']['schema-name'])(table.schema) &&
      matcher(rule['object-locator']['table-name'])(table.table),
  );
  const target = { ...table };
  for (const rule of concerning) {
    if (rule['rule-target'] === 'schema') target.schema = rewrite(target.schema, rule);
    if (rule['rule-target'] === 'table') target.table = rewrite(target.table, rule);
  }
  const columnRules = concerning
    .filter((rule) => rule['rule-target'] === 'column')
    .map((rule) => ({ rule, matches: matcher(rule['object-locator']['column-name'] ?? '%') }));
  const column = (name: string): string | undefined => {
    let renamed = name;
    for (const { rule, matches } of columnRules) {
      if (!matches(name)) continue;
      if (rule['rule-action'] === 'remove-column') return undefined;
      renamed = rewrite(renamed, rule);
    }
    return renamed;
  };
  return { target, column };
}

function rewrite(name: string, rule: TransformationRule): string {
  const value = rule.value ?? '';
  const old = rule['old-value'] ?? value;
  switch (rule['rule-action']) {
    case 'change-data-type':
      return name;
    case 'rename':
      if (value === '') throw new Error(`TableMappings rule ${rule['rule-id']}: rename needs a "value"`);
      return value;
    case 'convert-lowercase':
      return name.toLowerCase();
    case 'convert-uppercase':
      return name.toUpperCase();
    case 'add-prefix':
      return value + name;
    case 'add-suffix':
      return name + value;
    case 'remove-prefix':
      return name.startsWith(value) ? name.slice(value.length) : name;
    case 'remove-suffix':
      return value !== '' && name.endsWith(value) ? name.slice(0, -value.length) : name;
    case 'replace-prefix':
      return name.startsWith(old) ? value + name.slice(old.length) : name;
    case 'replace-suffix':
      return old !== '' && name.endsWith(old) ? name.slice(0, -old.length) + value : name;
    case 'remove-column':
      throw new Error(`TableMappings rule ${rule['rule-id']}: remove-column needs rule-target "column"`);
  }
}
