import { flowSchema, localSchema } from '../control-schemas';
import type { Finding } from '../definition-error';
import type { MigrationCheck } from './check';

const matches = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('%', '.*')}$`).test(name);

/** No wildcard may reach what belongs to the product, to DMS or to the engine. */
export const onlyApplicationTables: MigrationCheck = ({ migration: { tables, replication } }) => {
  const foreign = [
    localSchema,
    flowSchema,
    replication.controlSchema,
    'pg_catalog',
    'information_schema',
    'mysql',
    'performance_schema',
    'sys',
  ];
  return tables.include.flatMap((pattern, index): Finding[] => {
    const schemaPattern = pattern.slice(0, pattern.indexOf('.'));
    const reached = foreign.filter((schema) => matches(schemaPattern, schema));
    if (reached.length === 0) return [];
    return [
      {
        path: `tables.include[${index}]`,
        value: pattern,
        allowed: `a pattern whose schema part does not reach ${reached.join(', ')}`,
        why: 'state of one side would be replicated to the other, and system schemas fail on RDS',
      },
    ];
  });
};

const lossy = 'rollback lossy';

/** Whoever lets go of a way back without loss says so in words that the next reader cannot miss. */
export const lossIsCalledByName: MigrationCheck = ({ migration: { waivers } }) =>
  waivers.flatMap((waiver, index): Finding[] =>
    waiver.check !== 'reverse-fitness' || waiver.reason.includes(lossy)
      ? []
      : [
          {
            path: `waivers[${index}].reason`,
            value: waiver.reason,
            allowed: `a reason with the words "${lossy}"`,
            why: 'the target then takes what the source cannot hold: replication back would stop at it or change it',
          },
        ],
  );
