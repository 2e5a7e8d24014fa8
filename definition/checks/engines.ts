import { engines, isAurora, isEngineChange, majorVersionOf } from '../engines';
import type { MigrationCheck } from './check';

const known = (engine: keyof typeof engines) => `a version of ${engine} ${engines[engine].majors.join(', ')}`;

export const knownEngineVersions: MigrationCheck = ({ migration }) =>
  (['source', 'target'] as const).flatMap((side) => {
    const { engine, version } = migration[side];
    if (majorVersionOf(engine, version) === undefined)
      return [
        {
          path: `${side}.version`,
          value: version,
          allowed: known(engine),
          why: 'types, settings and what DMS can do are known for these versions only',
        },
      ];
    if (side === 'target' && majorVersionOf(engine, version) === version)
      return [
        {
          path: 'target.version',
          value: version,
          allowed: `a full version, as ${engines[engine].example}`,
          why: 'a major version alone would let an unrelated deploy upgrade the database',
        },
      ];
    return [];
  });

export const sizeFitsEngine: MigrationCheck = ({ migration: { target } }) => {
  if (!target.serverless) return [];
  const path = 'target.serverless';
  if (!isAurora(target.engine))
    return [
      { path, value: target.serverless, allowed: 'absent', why: `only Aurora is serverless, not ${target.engine}` },
    ];
  if (target.serverless.minCapacityUnits > target.serverless.maxCapacityUnits)
    return [
      {
        path: `${path}.minCapacityUnits`,
        value: target.serverless.minCapacityUnits,
        allowed: `at most maxCapacityUnits (${target.serverless.maxCapacityUnits})`,
        why: 'capacity grows from the smallest to the largest',
      },
    ];
  return [];
};

export const serverlessLoadGrows: MigrationCheck = ({ migration: { replication } }) => {
  const { serverlessLoad } = replication;
  if (!serverlessLoad || serverlessLoad.minCapacityUnits <= serverlessLoad.maxCapacityUnits) return [];
  return [
    {
      path: 'replication.serverlessLoad.minCapacityUnits',
      value: serverlessLoad.minCapacityUnits,
      allowed: `at most maxCapacityUnits (${serverlessLoad.maxCapacityUnits})`,
      why: 'capacity grows from the smallest to the largest',
    },
  ];
};

export const recordLevelFitsEngines: MigrationCheck = ({ migration: { source, target, records } }) => {
  if (!isEngineChange(source.engine, target.engine)) return [];
  return records.flatMap((record, index) =>
    record.level === 'application'
      ? []
      : [
          {
            path: `records[${index}].level`,
            value: record.level,
            allowed: 'application: the name fronts the application stack of each side',
            why:
              `wire protocol and port differ between ${source.engine} and ${target.engine}, ` +
              'so one database name cannot serve both',
          },
        ],
  );
};
