import { engines, majorVersionOf } from '../engines';
import { forwardSlotName, reverseSlotName } from '../replication/names';
import type { Environment } from '../schema/environment';
import type { Migration, RecordDefinition } from '../schema/migration';
import { accountSecretName } from '../secret-names';
import type { DeployedFacts, DeployedSide } from './deployed-facts';
import { weightPath } from './parameter-paths';
import { manifestVersion, type Manifest, type SectionName, type SideName } from './sections';

type Side = Manifest['databases']['source'];

function side(migration: Migration, name: SideName, deployed: DeployedSide): Side {
  const { engine, version } = migration[name];
  const { instanceIdentifier } = deployed;
  return {
    engine,
    majorVersion: majorVersionOf(engine, version) ?? version,
    host: deployed.host,
    port: deployed.port,
    database: migration[name].database ?? migration.source.database,
    tlsServerName: deployed.tlsServerName,
    certificateAuthority: deployed.certificateAuthority,
    runbookSecretId: deployed.runbookSecretId,
    ...(instanceIdentifier === undefined ? {} : { instanceIdentifier }),
  };
}

function route(environment: string, migration: string, record: RecordDefinition, name: SideName, to: DeployedSide) {
  const { endpoint, setIdentifier } = record[name];
  const database = record.kind === 'read' ? (to.readerHost ?? to.host) : to.host;
  return {
    setIdentifier: setIdentifier ?? `${migration}-${name}`,
    value: endpoint ?? database,
    weightParameter: weightPath(environment, migration, record.name, name),
  };
}

/** The port of a side: what the definition says, or the usual one of the engine. */
export const portOf = (migration: Migration, name: SideName): number =>
  migration[name].port ?? engines[migration[name].engine].defaultPort;

/**
 * Everything that the runbooks need to know about one migration, section by section. Pure.
 * @throws Error when the environment has no migration of that name.
 */
export function buildManifest(
  environment: Environment,
  migrationName: string,
  deployed: DeployedFacts,
): Record<SectionName, object> {
  const migration = environment.migrations[migrationName];
  if (!migration)
    throw new Error(
      `environment "${environment.name}" has no migration "${migrationName}"; it has ${Object.keys(environment.migrations).join(', ')}`,
    );
  const { accounts, gates, replication } = migration;
  const login = ({ name, secretId }: Migration['accounts']['write'][number]) => ({
    name,
    secretId: secretId ?? accountSecretName(environment.name, migrationName, name),
  });
  const { resolver } = deployed.routing;
  const manifest: Manifest = {
    identity: {
      manifestVersion,
      environment: environment.name,
      kind: environment.kind,
      migration: migrationName,
      account: environment.account,
      region: environment.region,
    },
    databases: {
      source: side(migration, 'source', deployed.source),
      target: side(migration, 'target', deployed.target),
    },
    accounts: {
      write: accounts.write.map(login),
      read: accounts.read.map(login),
      allowed: [...new Set([accounts.runbook, accounts.replication, accounts.master, 'rdsadmin', ...accounts.allowed])],
    },
    writers: { writers: migration.writers },
    tables: {
      include: migration.tables.include,
      exclude: migration.tables.exclude,
      waivers: migration.waivers,
      transformations: migration.transformations,
    },
    replication: {
      ...deployed.replication,
      forwardSlot: forwardSlotName(migrationName, migration),
      reverseSlot: reverseSlotName(migrationName, migration),
      controlSchema: replication.controlSchema,
      batchApply: replication.batchApply,
      metricPeriodSeconds: replication.metricPeriodSeconds,
    },
    routing: {
      zoneId: deployed.routing.zoneId,
      visibility: environment.hostedZone.visibility,
      authoritativeServers: [...deployed.routing.authoritativeServers],
      ...(resolver === undefined ? {} : { resolver }),
      stackNames: [...deployed.routing.stackNames],
      records: migration.records.map((record) => ({
        name: record.name,
        kind: record.kind,
        level: record.level,
        ttlSeconds: record.ttlSeconds,
        source: route(environment.name, migrationName, record, 'source', deployed.source),
        target: route(environment.name, migrationName, record, 'target', deployed.target),
      })),
    },
    gates: { ...gates, alarmNames: [...deployed.alarmNames] },
    timing: migration.timing,
    journal: { bucket: deployed.journalBucket },
    notifications: deployed.topicArn === undefined ? {} : { topicArn: deployed.topicArn },
  };
  return manifest;
}
