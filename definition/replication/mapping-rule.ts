/** One rule of the `TableMappings` of a DMS task (AWS DMS User Guide, "Using table mapping"). */
export interface MappingRule {
  'rule-type': 'selection' | 'transformation';
  'rule-id': string;
  'rule-name': string;
  'rule-action': string;
  'rule-target'?: string;
  'object-locator': Record<string, string>;
  value?: string;
  'data-type'?: { type: string; length?: number };
}

/** A rule before it has its number: ids must be unique within a task. */
export type UnnumberedRule = Omit<MappingRule, 'rule-id' | 'rule-name'>;
