import { describeEndpoint } from '../../../rehearsal/aws-endpoint/services/dms/descriptions';
import type { ReplicationTask } from '../../../rehearsal/aws-endpoint/services/dms/replication-task';
import { startOrder } from '../../../rehearsal/aws-endpoint/services/dms/start-rules';
import type { EngineName } from '../../../definition/engines';

const start = (engine: EngineName, more: { CdcStartPosition?: string; CdcStartTime?: Date }) => {
  const task = { hasRun: false, seed: { migrationType: 'cdc' } } as unknown as ReplicationTask;
  return startOrder(task, { startType: 'start-replication', ...more }, engine);
};

describe('the engine of an endpoint', () => {
  const endpoint = {
    ...{ arn: 'arn', identifier: 'into-source', type: 'target' as const, secretId: 'secret', database: 'orders' },
    ...{ serverName: 'source.example.com', caCertificatePem: 'PEM', host: '127.0.0.1', port: 3306 },
    afterConnectScript: 'SET FOREIGN_KEY_CHECKS=0; SET @cutover_replication = 1',
  };

  test.each([
    ['mariadb', 'mariadb', 'MySQLSettings'],
    ['aurora-mysql', 'aurora', 'MySQLSettings'],
    ['aurora-postgresql', 'aurora-postgresql', 'PostgreSQLSettings'],
  ] as const)('%s is described as DMS calls it', (engine, EngineName, settings) => {
    const described = describeEndpoint({ ...endpoint, engine });
    expect(described).toMatchObject({
      EngineName,
      [settings]: { AfterConnectScript: endpoint.afterConnectScript, SecretsManagerSecretId: 'secret' },
    });
    expect('MySQLSettings' in described && 'PostgreSQLSettings' in described).toBe(false);
  });

  test.each([
    ['mysql', 'mysql-bin-changelog.000024:373'],
    [
      'mysql',
      'checkpoint:V1#27#mysql-bin-changelog.157832:1975:-1:2002:677883278264080:mysql-bin-changelog.157832:1876#0#0#*#0#93',
    ],
    ['postgres', '16/B374D848'],
    ['postgres', 'checkpoint:V1#1#0/16B3748#0#0#*#0#0'],
  ] as const)('%s starts at %s', (engine, CdcStartPosition) => {
    expect(start(engine, { CdcStartPosition })).toMatchObject({ cdcStartPosition: CdcStartPosition });
  });

  test('decides the notation of a start, and whether there is one by time', () => {
    expect(() => start('mariadb', { CdcStartPosition: '16/B374D848' })).toThrow(
      'is not a native start point of engine mariadb',
    );
    expect(() => start('postgres', { CdcStartPosition: 'bin.000001:4' })).toThrow('such as 16/B374D848');
    expect(() => start('postgres', { CdcStartTime: new Date() })).toThrow('not supported for a PostgreSQL source');
    expect(() => start('mysql', { CdcStartTime: new Date() })).toThrow('use CdcStartPosition');
  });
});
