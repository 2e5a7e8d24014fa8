import type { Manifest, SideName } from '../../../../definition/manifest/sections';
import { manifestSchema } from '../../../../definition/manifest/sections';
import { tlsNames } from './tls-names';

/** A manifest for two local servers; secrets are called like their accounts. */
export function manifestOf(at: Record<SideName, { host: string; port: number }>): Manifest {
  const side = (name: SideName) => ({
    engine: 'postgres',
    majorVersion: name === 'source' ? '15' : '17',
    host: at[name].host,
    port: at[name].port,
    database: 'billing',
    tlsServerName: tlsNames[name],
    certificateAuthority: { file: 'given to the adapter' },
    runbookSecretId: 'cutover_runbook',
  });
  const task = (identifier: string) => ({ arn: `arn:${identifier}`, identifier });
  const login = (name: string) => ({ name, secretId: name });
  return manifestSchema.parse({
    identity: {
      manifestVersion: 1,
      environment: 'development',
      kind: 'development',
      migration: 'billing',
      account: '111111111111',
      region: 'eu-central-1',
    },
    databases: { source: side('source'), target: side('target') },
    accounts: {
      write: [login('billing_app'), login('billing_worker')],
      read: [login('billing_report')],
      allowed: ['cutover_runbook', 'cutover_replication'],
    },
    writers: { writers: [] },
    tables: { include: ['billing.%'], exclude: ['billing.tmp%'], waivers: [] },
    replication: {
      instanceArn: 'arn:instance',
      load: task('load'),
      forward: task('forward'),
      reverse: task('reverse'),
      forwardSlot: 'billing_forward',
      reverseSlot: 'billing_reverse',
      controlSchema: 'awsdms_control',
      batchApply: false,
      metricPeriodSeconds: 60,
    },
    routing: {
      zoneId: 'Z1',
      visibility: 'public',
      authoritativeServers: [],
      stackNames: [],
      records: [
        {
          name: 'billing-db.example.internal',
          kind: 'write',
          ttlSeconds: 5,
          source: { setIdentifier: 'source', value: tlsNames.source, weightParameter: '/w/source' },
          target: { setIdentifier: 'target', value: tlsNames.target, weightParameter: '/w/target' },
        },
      ],
    },
    gates: {
      maxLagSeconds: 5,
      lagWindowSeconds: 5,
      maxMarkerRoundTripSeconds: 5,
      maxOpenTransactionSeconds: 5,
      maxWritePauseSeconds: 30,
      maxVerificationAgeSeconds: 60,
      consistencyHoldSeconds: 1,
      maxTtlSeconds: 60,
      maxPropagationSeconds: 60,
      sequenceHeadroom: 1000,
      minSequenceRoomPercent: 10,
      minBackupRetentionDays: 0,
      alarmNames: [],
    },
    timing: {
      rollbackWindowSeconds: 60,
      bakeSeconds: 1,
      readShiftPercents: [100],
      readShiftBakeSeconds: 1,
      drainTimeoutSeconds: 10,
      taskTimeoutSeconds: 10,
      fullLoadTimeoutSeconds: 10,
      leaseSeconds: 30,
    },
    journal: { bucket: 'journal' },
    notifications: {},
  });
}
