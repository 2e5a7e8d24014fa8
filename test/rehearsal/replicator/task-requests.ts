import type { TaskRequest } from '../../../rehearsal/replicator/messages';
import type { TestDatabases } from './databases';

/** TableMappings that include these schemas as a whole. */
export const including = (...schemas: string[]): string =>
  JSON.stringify({
    rules: schemas.map((schema, index) => ({
      'rule-type': 'selection',
      'rule-id': String(index + 1),
      'rule-name': schema,
      'object-locator': { 'schema-name': schema, 'table-name': '%' },
      'rule-action': 'include',
    })),
  });

/** A full load with changes from source to target, unless `more` says otherwise. */
export function request(databases: TestDatabases, identifier: string, more: Partial<TaskRequest> = {}): TaskRequest {
  return {
    arn: `arn:aws:dms:eu-west-1:123456789012:task:${identifier.toUpperCase()}`,
    identifier,
    migrationType: 'full-load-and-cdc',
    startType: 'start-replication',
    tableMappings: including('app'),
    settings: '{}',
    source: databases.source,
    target: databases.target,
    ...more,
  };
}
