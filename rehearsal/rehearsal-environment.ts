import { join } from 'node:path';
import { deriveEnvironment } from '../definition/define-environment';
import type { Environment } from '../definition/schema/environment';
import type { Migration } from '../definition/schema/migration';
import { development } from '../environments/development';
import {
  addressOf,
  databaseName,
  rehearsalAccount,
  rehearsalEnvironmentName,
  rehearsalRegion,
  rehearsalZone,
  rehearsalZoneId,
  type LocalPlace,
} from './local-place';
import type { Scenario } from './scenarios/scenario';
import { shapeOf } from './shapes/of-scenario';
import type { Preparation, Shape } from './shapes/shape';

/** The definition that a rehearsal starts from: that of the scenario's own name, else the worked example. */
export const baseMigration = (scenario: Scenario): Migration => {
  const { migrations } = development;
  const found = migrations[scenario.name] ?? migrations[shapeOf(scenario).example];
  if (!found) throw new Error('the development environment has no migration to start from');
  return found;
};

/** Durations that a rehearsal shortens. Seconds. */
export interface RehearsalTimes {
  readonly gates: Partial<Migration['gates']>;
  readonly timing: Partial<Migration['timing']>;
  readonly metricPeriodSeconds: number;
  readonly ttlSeconds: number;
}

/** Shorter times: the only thing that a rehearsal changes about the procedures. */
export const rehearsalTimes: RehearsalTimes = {
  gates: {
    maxLagSeconds: 3,
    lagWindowSeconds: 6,
    maxMarkerRoundTripSeconds: 5,
    maxWritePauseSeconds: 20,
    undoReserveSeconds: 3,
    maxPropagationSeconds: 3,
    consistencyHoldSeconds: 0,
  },
  timing: {
    rollbackWindowSeconds: 600,
    bakeSeconds: 5,
    readShiftBakeSeconds: 2,
    drainTimeoutSeconds: 10,
    taskTimeoutSeconds: 60,
    fullLoadTimeoutSeconds: 120,
    leaseSeconds: 15,
  },
  metricPeriodSeconds: 2,
  ttlSeconds: 1,
};

/** Somebody's own databases may hold more than a scenario does. */
export const stagingTimes: RehearsalTimes = {
  ...rehearsalTimes,
  timing: { ...rehearsalTimes.timing, fullLoadTimeoutSeconds: 4 * 3600 },
};

/** The same definition on this computer: other addresses, accounts and tables of the scenario, shorter times. */
export function rehearsalEnvironment(options: {
  scenario: Scenario;
  place: LocalPlace;
  shape: Shape;
  preparation: Preparation;
  times: RehearsalTimes;
}): Environment {
  const { scenario, place, shape, preparation, times } = options;
  const base = baseMigration(scenario);
  const names = shape.names(scenario.name);
  const consumer = (command: string, ...rest: string[]) => [
    process.execPath,
    join(__dirname, 'workload', 'consumer-control.js'),
    place.consumerControlFile,
    command,
    ...rest,
  ];
  const migration: Migration = {
    ...base,
    source: {
      ...base.source,
      ...preparation.source,
      host: databaseName(scenario.name, 'source'),
      database: scenario.database,
      port: place.databases.source.port,
    },
    target: {
      ...base.target,
      database: place.databases.target.database,
      port: place.databases.target.port,
    },
    accounts: {
      ...base.accounts,
      ...preparation.accounts,
      write: scenario.accounts.write.map((name) => ({ name })),
      read: scenario.accounts.read.map((name) => ({ name })),
      allowed: [...base.accounts.allowed, ...shape.administrators, ...(preparation.accounts?.allowed ?? [])],
    },
    writers: [
      {
        name: 'queue consumer',
        pause: consumer('pause'),
        resume: consumer('resume', '{primary}'),
        prove: consumer('prove'),
      },
    ],
    tables: { ...base.tables, include: [...preparation.included], exclude: [...scenario.tables.exclude] },
    transformations: [...preparation.transformations],
    waivers: [...(preparation.waivers ?? []), ...scenario.waivers],
    records: (['write', 'read'] as const).map((kind) => ({
      name: names[kind],
      kind,
      level: shape.level,
      replacesSimpleRecord: false,
      ttlSeconds: times.ttlSeconds,
      source: { endpoint: names.endpoints.source },
      target: { endpoint: names.endpoints.target },
    })),
    gates: { ...base.gates, ...times.gates },
    timing: { ...base.timing, ...times.timing },
    replication: {
      ...base.replication,
      ...(scenario.serverlessLoad ? { serverlessLoad: { minCapacityUnits: 1, maxCapacityUnits: 2 } } : {}),
      metricPeriodSeconds: times.metricPeriodSeconds,
    },
  };
  return deriveEnvironment(development, (draft) => {
    draft.name = rehearsalEnvironmentName;
    draft.account = rehearsalAccount;
    draft.region = rehearsalRegion;
    draft.hostedZone = {
      name: rehearsalZone,
      id: rehearsalZoneId,
      visibility: 'public',
      authoritativeServers: place.nameServers.map(addressOf),
      resolver: addressOf(place.resolver),
    };
    draft.migrations = { [scenario.name]: migration };
  });
}
