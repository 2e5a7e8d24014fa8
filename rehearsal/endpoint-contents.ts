import { familyOf } from '../definition/engines';
import { buildManifest } from '../definition/manifest/build';
import type { DeployedFacts } from '../definition/manifest/deployed-facts';
import { sectionPath, weightPath } from '../definition/manifest/parameter-paths';
import type { SectionName, SideName } from '../definition/manifest/sections';
import { serializeSections } from '../definition/manifest/serialize';
import {
  forwardSlotName,
  reverseSlotName,
  taskIdentifier,
  taskNames,
  type TaskName,
} from '../definition/replication/names';
import { replicationRules } from '../definition/replication-rules';
import type { Environment } from '../definition/schema/environment';
import { accountSecretName, replicationSecretName, runbookSecretName } from '../definition/secret-names';
import type { EndpointSeedInput } from './aws-endpoint/seed';
import {
  addressOf,
  databaseName,
  rehearsalAccount,
  rehearsalRegion,
  rehearsalZone,
  rehearsalZoneId,
  stackName,
  type LocalPlace,
} from './local-place';
import type { Credentials } from './credentials';

export const journalBucket = 'cutover-journal-rehearsal';

const arn = (service: string, rest: string) => `arn:aws:${service}:${rehearsalRegion}:${rehearsalAccount}:${rest}`;
export const taskArn = (task: TaskName) => arn('dms', `task:CUTOVER${task.toUpperCase()}`);
const instanceArn = arn('dms', 'rep:CUTOVERREHEARSAL');
const endpointArn = (name: string) => arn('dms', `endpoint:CUTOVER${name.toUpperCase().replaceAll('-', '')}`);

/** A task on the instance, or a serverless replication, whose identifier is also the end of its ARN. */
function deployedTask(environment: Environment, migration: string, name: TaskName) {
  const isServerless = name === 'load' && environment.migrations[migration]?.replication.serverlessLoad !== undefined;
  const identifier = taskIdentifier(environment.name, migration, name);
  return {
    arn: isServerless ? arn('dms', `replication-config:${identifier}`) : taskArn(name),
    identifier,
    isServerless,
  };
}

/** What a deployment would know; here it is known from the start. */
function deployedFacts(environment: Environment, migration: string, place: LocalPlace): DeployedFacts {
  const side = (name: SideName) => ({
    host: place.databases[name].host,
    port: place.databases[name].port,
    tlsServerName: place.databases[name].tlsServerName,
    certificateAuthority: { pem: place.databases[name].certificateAuthorityPem },
    runbookSecretId: runbookSecretName(environment.name, migration, name),
    ...(name === 'target' ? { instanceIdentifier: `${migration}-target` } : {}),
  });
  const task = (name: TaskName) => {
    const { arn: named, identifier } = deployedTask(environment, migration, name);
    return { arn: named, identifier };
  };
  return {
    source: side('source'),
    target: side('target'),
    replication: { instanceArn, load: task('load'), forward: task('forward'), reverse: task('reverse') },
    routing: {
      zoneId: rehearsalZoneId,
      authoritativeServers: place.nameServers.map(addressOf),
      resolver: addressOf(place.resolver),
      stackNames: [`${environment.name}-${migration}-routing`],
    },
    alarmNames: [`${environment.name}-${migration}`],
    journalBucket,
    topicArn: arn('sns', `cutover-${environment.name}`),
  };
}

/** As on RDS: keys, triggers and cascades do not act a second time on what replication applies. */
const afterConnectScripts = {
  postgres: "SET session_replication_role = 'replica'",
  // No replica role: foreign keys are off, and triggers ask for the variable.
  mysql: 'SET FOREIGN_KEY_CHECKS=0; SET @cutover_replication = 1',
};

/** DMS endpoints: one per database, role and task, since the slot is a setting of the endpoint. */
function dmsEndpoints(environment: Environment, migration: string, place: LocalPlace) {
  const definition = environment.migrations[migration];
  if (!definition) throw new Error(`no migration ${migration}`);
  const engineOf = (side: SideName) =>
    familyOf(definition[side].engine) === 'mysql' ? ('mysql' as const) : ('postgres' as const);
  const endpoint = (name: string, type: 'source' | 'target', side: SideName, slotName?: string) => ({
    arn: endpointArn(name),
    identifier: `${migration}-${name}`,
    type,
    engine: engineOf(side),
    secretId: replicationSecretName(environment.name, migration, side),
    database: place.databases[side].database,
    serverName: place.databases[side].tlsServerName,
    caCertificatePem: place.databases[side].certificateAuthorityPem,
    host: place.databases[side].host,
    port: place.databases[side].port,
    ...(slotName && engineOf(side) === 'postgres' ? { slotName } : {}),
    ...(type === 'target' ? { afterConnectScript: afterConnectScripts[engineOf(side)] } : {}),
  });
  return [
    endpoint('load-from', 'source', 'source'),
    endpoint('forward-from', 'source', 'source', forwardSlotName(migration, definition)),
    endpoint('reverse-from', 'source', 'target', reverseSlotName(migration, definition)),
    endpoint('into-target', 'target', 'target'),
    endpoint('into-source', 'target', 'source'),
  ];
}

export const weightedRecords = (environment: Environment, migration: string) =>
  (environment.migrations[migration]?.records ?? []).flatMap((record) =>
    (['source', 'target'] as const).map((side) => ({
      Name: record.name,
      Type: 'CNAME' as const,
      SetIdentifier: record[side].setIdentifier ?? `${migration}-${side}`,
      Weight: side === 'source' ? 255 : 0,
      TTL: record.ttlSeconds,
      ResourceRecords: [{ Value: record[side].endpoint ?? databaseName(migration, side) }],
    })),
  );

const addressRecords = (nameOf: (side: SideName) => string, hosts: Readonly<Record<SideName, string>>) =>
  (['source', 'target'] as const).map((side) => ({
    Name: nameOf(side),
    Type: 'A' as const,
    TTL: 1,
    ResourceRecords: [{ Value: hosts[side] }],
  }));

/** How slow the cloud of a rehearsal is. */
export interface CloudPace {
  readonly propagationMilliseconds: readonly number[];
  readonly taskStartSeconds: number;
  readonly taskStopSeconds: number;
}

/** What a deployed environment holds in AWS, for the endpoint to start with. */
export function endpointContents(options: {
  environment: Environment;
  migration: string;
  place: LocalPlace;
  credentials: Credentials;
  requestLogFile: string;
  level: 'database' | 'application';
  pace: CloudPace;
}): EndpointSeedInput {
  const { environment, migration, place, credentials, pace } = options;
  const definition = environment.migrations[migration];
  if (!definition) throw new Error(`no migration ${migration}`);
  const facts = deployedFacts(environment, migration, place);
  const databaseHosts = { source: place.databases.source.host, target: place.databases.target.host };
  const stackHosts = { source: place.stacks.source.host, target: place.stacks.target.host };
  const sections = serializeSections(buildManifest(environment, migration, facts));
  const rules = replicationRules(definition);
  const secret = (name: string, username: string) => ({
    arn: arn('secretsmanager', `secret:${name}`),
    name,
    value: JSON.stringify({ username, password: credentials.passwordOf(username) }),
  });
  const { accounts } = definition;
  const seeds = taskNames.map((name) => {
    const { isServerless, ...named } = deployedTask(environment, migration, name);
    const seed = {
      ...named,
      migrationType: rules[name].migrationType,
      sourceEndpointArn: endpointArn(`${name}-from`),
      targetEndpointArn: endpointArn(name === 'reverse' ? 'into-source' : 'into-target'),
      tableMappings: rules[name].tableMappings,
      settings: rules[name].settings,
    };
    return { isServerless, seed };
  });
  return {
    accountId: rehearsalAccount,
    region: rehearsalRegion,
    listen: place.endpoint,
    control: place.control,
    requestLogFile: options.requestLogFile,
    metricPeriodSeconds: definition.replication.metricPeriodSeconds,
    route53: {
      requestsPerSecond: 5,
      nameServers: place.nameServers.map((server, index) => ({
        ...server,
        propagationMilliseconds: pace.propagationMilliseconds[index] ?? 0,
      })),
      resolver: place.resolver,
      zones: [
        {
          id: rehearsalZoneId,
          name: rehearsalZone,
          private: false,
          records: [
            ...addressRecords((side) => databaseName(migration, side), databaseHosts),
            ...(options.level === 'application'
              ? addressRecords((side) => stackName(migration, side), stackHosts)
              : []),
            ...weightedRecords(environment, migration),
          ],
        },
      ],
    },
    dms: {
      startSeconds: pace.taskStartSeconds,
      stopSeconds: pace.taskStopSeconds,
      replicationInstances: [
        {
          ReplicationInstanceArn: instanceArn,
          ReplicationInstanceIdentifier: `cutover-${environment.name}`,
          ReplicationInstanceStatus: 'available',
        },
      ],
      endpoints: dmsEndpoints(environment, migration, place),
      tasks: seeds
        .filter(({ isServerless }) => !isServerless)
        .map(({ seed }) => ({
          ...seed,
          replicationInstanceArn: instanceArn,
        })),
      replications: seeds.filter(({ isServerless }) => isServerless).map(({ seed }) => seed),
    },
    secrets: [
      ...(['source', 'target'] as const).flatMap((side) => [
        secret(runbookSecretName(environment.name, migration, side), accounts.runbook),
        secret(replicationSecretName(environment.name, migration, side), accounts.replication),
      ]),
      ...[...accounts.write, ...accounts.read].map(({ name }) =>
        secret(accountSecretName(environment.name, migration, name), name),
      ),
    ],
    parameters: [
      ...Object.entries(sections).map(([name, value]) => ({
        name: sectionPath(environment.name, migration, name as SectionName),
        value,
      })),
      ...definition.records.flatMap((record) =>
        (['source', 'target'] as const).map((side) => ({
          name: weightPath(environment.name, migration, record.name, side),
          value: side === 'source' ? '255' : '0',
        })),
      ),
    ],
    buckets: [journalBucket],
    stacks: [{ name: `${environment.name}-${migration}-routing`, status: 'CREATE_COMPLETE' }],
    dbInstances: [
      {
        DBInstanceIdentifier: `${migration}-target`,
        DBInstanceStatus: 'available',
        BackupRetentionPeriod: definition.target.backupRetentionDays,
      },
    ],
    topics: [arn('sns', `cutover-${environment.name}`)],
    alarms: [{ name: `${environment.name}-${migration}`, state: 'OK' }],
  };
}
