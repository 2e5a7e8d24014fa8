import type { DeployedFacts } from '../../definition/manifest/deployed-facts';

/** What a deployment would have told, with values that a test recognises. */
export const sampleFacts: DeployedFacts = {
  source: {
    host: 'source.example.com',
    port: 5432,
    tlsServerName: 'source.example.com',
    certificateAuthority: { file: 'certificates/rds-global-bundle.pem' },
    runbookSecretId: 'source-runbook',
  },
  target: {
    host: 'target.example.com',
    readerHost: 'reader.target.example.com',
    port: 5432,
    tlsServerName: 'target.example.com',
    certificateAuthority: { file: 'certificates/rds-global-bundle.pem' },
    runbookSecretId: 'target-runbook',
    instanceIdentifier: 'target-instance',
  },
  replication: {
    instanceArn: 'arn:instance',
    load: { arn: 'arn:load', identifier: 'load' },
    forward: { arn: 'arn:forward', identifier: 'forward' },
    reverse: { arn: 'arn:reverse', identifier: 'reverse' },
  },
  routing: { zoneId: 'Z1', authoritativeServers: [], stackNames: ['stack'] },
  alarmNames: ['alarm'],
  journalBucket: 'journal',
  topicArn: 'arn:topic',
};
