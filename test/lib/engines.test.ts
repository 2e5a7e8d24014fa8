import { Match, Template } from 'aws-cdk-lib/assertions';
import { familyOf } from '../../definition/engines';
import { engineParameters } from '../../lib/target-database/parameters';
import { removeTemporaryFolders } from '../temporary-folder';
import { environmentOfAllEngines, pairs } from './engines';
import { synthesise } from './synthesise';

let stacks: Map<string, Template>;
beforeAll(() => {
  const { stacks: found } = synthesise(environmentOfAllEngines());
  stacks = new Map(found.map((stack) => [stack.name, Template.fromJSON(stack.template as object)]));
});
afterAll(removeTemporaryFolders);
const endpoint = 'AWS::DMS::Endpoint';

describe.each(Object.entries(pairs))('%s', (name, { source, target }) => {
  const template = (stack: string) => stacks.get(`${name}-${stack}`)!;

  it('verifies every certificate as strictly as DMS can', () => {
    const modes = Object.values(template('replication').findResources(endpoint)).map(
      (resource) => (resource as { Properties: Record<string, unknown> }).Properties,
    );
    expect(modes).toHaveLength(5);
    for (const { EngineName, SslMode, CertificateArn } of modes) {
      expect(SslMode).toBe(EngineName === 'oracle' ? 'verify-ca' : 'verify-full');
      expect(CertificateArn).toBeDefined();
    }
  });

  it('takes every login from Secrets Manager', () => {
    for (const resource of Object.values(template('replication').findResources(endpoint)))
      expect(JSON.stringify(resource)).toMatch(
        /"SecretsManagerSecretId":.*"SecretsManagerAccessRoleArn"|"SecretsManagerAccessRoleArn":.*"SecretsManagerSecretId"/,
      );
  });

  it('names a database only where the engine of the endpoint has one', () => {
    const database = familyOf(source[0]) === 'mysql' ? Match.absent() : 'orders';
    template('replication').resourcePropertiesCountIs(
      endpoint,
      {
        EndpointIdentifier: Match.stringLikeRegexp('^production.*'),
        DatabaseName: database,
        EngineName: engineName(source[0]),
      },
      source[0] === target[0] ? 5 : 3,
    );
  });

  it('forces TLS on the target and keeps what the way back reads', () => {
    const cluster = target[0].startsWith('aurora-');
    const parameters =
      familyOf(target[0]) === 'postgres'
        ? { 'rds.force_ssl': '1', 'rds.logical_replication': '1' }
        : {
            require_secure_transport: '1',
            binlog_format: 'ROW',
            binlog_row_image: 'FULL',
            binlog_row_metadata: 'FULL',
          };
    template('target-database').hasResourceProperties(
      cluster ? 'AWS::RDS::DBClusterParameterGroup' : 'AWS::RDS::DBParameterGroup',
      { Parameters: Match.objectLike(parameters) },
    );
  });

  it('asks the target not to fire keys and triggers again', () => {
    const settings =
      familyOf(target[0]) === 'postgres'
        ? { PostgreSqlSettings: Match.objectLike({ AfterConnectScript: "SET session_replication_role='replica'" }) }
        : {
            ExtraConnectionAttributes: Match.stringLikeRegexp(
              /^Initstmt=SET FOREIGN_KEY_CHECKS=0,@cutover_replication=1,[^;]*$/.source,
            ),
          };
    template('replication').hasResourceProperties(endpoint, { EndpointType: 'target', ...settings });
  });

  it('has what comes back kept as it is: a 0 draws no new key, moments are in UTC, and nothing is cut off', () => {
    if (familyOf(source[0]) !== 'mysql') return;
    for (const part of ["time_zone='\\+00:00'", 'NO_AUTO_VALUE_ON_ZERO', 'STRICT_ALL_TABLES'])
      template('replication').hasResourceProperties(endpoint, {
        EndpointType: 'target',
        ExtraConnectionAttributes: Match.stringLikeRegexp(part),
      });
  });
});

describe('a parameter that an old version does not know', () => {
  it.each([
    ['mysql', '5.7.44', undefined],
    ['mysql', '8.0.42', 'FULL'],
    ['aurora-mysql', '5.7.mysql_aurora.2.12.5', undefined],
    ['aurora-mysql', '8.0.mysql_aurora.3.10.0', 'FULL'],
    ['mariadb', '10.4.34', undefined],
    ['mariadb', '10.5.29', 'FULL'],
    ['mariadb', '10.11.13', 'FULL'],
    ['postgres', '17.6', undefined],
  ] as const)('is left out: binlog_row_metadata of %s %s is %s', (engine, version, value) => {
    expect(engineParameters(engine, version)['binlog_row_metadata']).toBe(value);
  });
});

const engineName = (engine: string) => (engine === 'aurora-mysql' ? 'aurora' : engine);
