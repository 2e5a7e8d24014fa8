import type { Finding } from '../definition-error';
import type { EnvironmentCheck, MigrationCheck } from './check';

export const recordsLieInZone: MigrationCheck = ({ migration, environment }) =>
  migration.records.flatMap((record, index) =>
    record.name.endsWith(`.${environment.hostedZone.name}`)
      ? []
      : [
          {
            path: `records[${index}].name`,
            value: record.name,
            allowed: `a name inside the zone ${environment.hostedZone.name}`,
            why: 'the runbooks change records of this zone only',
          },
        ],
  );

/** Two migrations on one name would take each other's traffic. */
export const recordsDoNotOverlap: EnvironmentCheck = (environment) => {
  const owners = new Map<string, string>();
  return Object.entries(environment.migrations).flatMap(([migration, { records }]) =>
    records.flatMap((record, index): Finding[] => {
      const path = `migrations.${migration}.records[${index}].name`;
      const owner = owners.get(record.name);
      owners.set(record.name, path);
      if (owner === undefined) return [];
      return [
        {
          path,
          value: record.name,
          allowed: `a name that no other record has; ${owner} has it already`,
          why: 'overlapping records share their weights: a switch of one would move the other',
        },
      ];
    }),
  );
};

export const setIdentifiersDiffer: MigrationCheck = ({ name, migration }) =>
  migration.records.flatMap((record, index): Finding[] => {
    const source = record.source.setIdentifier ?? `${name}-source`;
    const target = record.target.setIdentifier ?? `${name}-target`;
    if (source !== target) return [];
    return [
      {
        path: `records[${index}].target.setIdentifier`,
        value: target,
        allowed: 'a set identifier that the source does not have',
        why: 'Route 53 tells weighted answers apart by it: one would overwrite the other',
      },
    ];
  });

export const endpointsAreNamed: MigrationCheck = ({ migration: { records, source } }) =>
  records.flatMap((record, index) =>
    (['source', 'target'] as const).flatMap((side): Finding[] => {
      const { endpoint } = record[side];
      const path = `records[${index}].${side}.endpoint`;
      if (endpoint === undefined && record.level === 'application')
        return [
          {
            path,
            value: endpoint,
            allowed: 'the name of the application stack, as its load balancer has it',
            why: 'a record of level application does not point to a database',
          },
        ];
      const answer = endpoint ?? (side === 'source' ? source.host : undefined);
      if (answer !== undefined && /^[0-9.]+$/.test(answer))
        return [
          {
            path: endpoint === undefined ? 'source.host' : path,
            value: answer,
            allowed: 'a name; give an address on premises a name of its own first',
            why: 'weighted records are CNAMEs, which point to names',
          },
        ];
      if (endpoint !== undefined && records.some((other) => other.name === endpoint))
        return [
          {
            path,
            value: endpoint,
            allowed: 'a name that is not itself a record of the migration',
            why: 'the answer would lead back to a weighted name',
          },
        ];
      return [];
    }),
  );

export const ttlWithinLimit: MigrationCheck = ({ migration: { records, gates } }) =>
  records.flatMap((record, index) =>
    record.ttlSeconds <= gates.maxTtlSeconds
      ? []
      : [
          {
            path: `records[${index}].ttlSeconds`,
            value: record.ttlSeconds,
            allowed: `at most ${gates.maxTtlSeconds} (gates.maxTtlSeconds)`,
            why: 'for so long after a switch resolvers still answer with the old side',
          },
        ],
  );

export const aWriteRecordStands: MigrationCheck = ({ migration: { records } }) =>
  records.some((record) => record.kind === 'write')
    ? []
    : [
        {
          path: 'records',
          value: records.map((record) => record.name),
          allowed: 'at least one record of kind write',
          why: 'without one, a switch would move no writes',
        },
      ];
