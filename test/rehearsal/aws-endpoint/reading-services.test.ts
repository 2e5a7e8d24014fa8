import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateDBSnapshotCommand,
  DBClusterNotFoundFault,
  DBInstanceNotFoundFault,
  DBSnapshotAlreadyExistsFault,
  DBSnapshotNotFoundFault,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBParametersCommand,
  DescribeDBSnapshotsCommand,
  InvalidDBInstanceStateFault,
  RDSClient,
} from '@aws-sdk/client-rds';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { NotFoundException, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsEndpoint } from '../../../rehearsal/aws-endpoint/endpoint';
import { clientOf, eventually, startEndpoint } from './running-endpoint';

const topic = 'arn:aws:sns:eu-central-1:123456789012:cutover';
const secretArn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:billing-app-AbCdEf';

describe('the services that runbooks mostly read', () => {
  let endpoint: AwsEndpoint;
  const made: { destroy(): void }[] = [];
  const client = <C extends { destroy(): void }>(Client: new (configuration: never) => C): C => {
    const instance = clientOf(Client, endpoint);
    made.push(instance);
    return instance;
  };
  beforeAll(async () => {
    endpoint = await startEndpoint({
      secrets: [{ arn: secretArn, name: 'billing-app', value: '{"username":"billing_app","password":"hush"}' }],
      topics: [topic],
      stacks: [
        { name: 'cutover-billing', status: 'UPDATE_IN_PROGRESS', template: '{"Resources":{}}' },
        { name: 'other', status: 'CREATE_COMPLETE' },
      ],
      dbInstances: [
        {
          DBInstanceIdentifier: 'billing-target',
          DBInstanceStatus: 'available',
          Engine: 'postgres',
          Endpoint: { Address: 'a.b', Port: 5432 },
        },
        { DBInstanceIdentifier: 'billing-busy', DBInstanceStatus: 'modifying' },
      ],
      dbClusters: [{ DBClusterIdentifier: 'orders', Status: 'available' }],
      dbParameterGroups: [
        { name: 'billing-17', parameters: [{ ParameterName: 'rds.logical_replication', ParameterValue: '1' }] },
      ],
      snapshotSeconds: 0.05,
    });
  });
  afterAll(async () => {
    for (const each of made) each.destroy();
    await endpoint.close();
  });

  test('STS names the account and the caller', async () => {
    expect(await client(STSClient).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:user/AKIAOPERATOR',
    });
  });

  test('Secrets Manager finds a secret by name and by ARN', async () => {
    const secrets = client(SecretsManagerClient);
    for (const SecretId of ['billing-app', secretArn, secretArn.slice(0, -7)]) {
      const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
      expect(JSON.parse(SecretString ?? '')).toEqual({ username: 'billing_app', password: 'hush' });
    }
    expect(await secrets.send(new DescribeSecretCommand({ SecretId: 'billing-app' }))).toMatchObject({
      ARN: secretArn,
    });
    await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'none' }))).rejects.toBeInstanceOf(
      ResourceNotFoundException,
    );
  });

  test('SNS publishes to a topic that exists', async () => {
    const sns = client(SNSClient);
    expect(
      (await sns.send(new PublishCommand({ TopicArn: topic, Subject: 'switch', Message: 'done' }))).MessageId,
    ).toMatch(/-/);
    const lost = new PublishCommand({ TopicArn: `${topic}-none`, Message: 'done' });
    await expect(sns.send(lost)).rejects.toBeInstanceOf(NotFoundException);
  });

  test('CloudFormation shows stacks, their status and template', async () => {
    const cloudFormation = client(CloudFormationClient);
    const one = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'cutover-billing' }));
    expect(one.Stacks).toMatchObject([{ StackName: 'cutover-billing', StackStatus: 'UPDATE_IN_PROGRESS' }]);
    const listed = await cloudFormation.send(new ListStacksCommand({ StackStatusFilter: ['CREATE_COMPLETE'] }));
    expect(listed.StackSummaries?.map(({ StackName }) => StackName)).toEqual(['other']);
    expect((await cloudFormation.send(new GetTemplateCommand({ StackName: 'cutover-billing' }))).TemplateBody).toBe(
      '{"Resources":{}}',
    );
    await expect(cloudFormation.send(new DescribeStacksCommand({ StackName: 'none' }))).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id none does not exist',
    });
  });

  test('RDS shows instances, clusters and parameters', async () => {
    const rds = client(RDSClient);
    const found = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'billing-target' }));
    expect(found.DBInstances).toMatchObject([{ Engine: 'postgres', Endpoint: { Address: 'a.b', Port: 5432 } }]);
    expect((await rds.send(new DescribeDBInstancesCommand({}))).DBInstances).toHaveLength(2);
    const none = new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'none' });
    await expect(rds.send(none)).rejects.toBeInstanceOf(DBInstanceNotFoundFault);
    expect((await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: 'orders' }))).DBClusters).toHaveLength(
      1,
    );
    const noCluster = new DescribeDBClustersCommand({ DBClusterIdentifier: 'none' });
    await expect(rds.send(noCluster)).rejects.toBeInstanceOf(DBClusterNotFoundFault);
    const { Parameters } = await rds.send(new DescribeDBParametersCommand({ DBParameterGroupName: 'billing-17' }));
    expect(Parameters).toEqual([{ ParameterName: 'rds.logical_replication', ParameterValue: '1' }]);
  });

  test('RDS makes a snapshot once, which takes its time', async () => {
    const rds = client(RDSClient);
    const create = (DBInstanceIdentifier: string) =>
      rds.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier, DBSnapshotIdentifier: 'before-switch' }));
    expect((await create('billing-target')).DBSnapshot).toMatchObject({ Status: 'creating', Engine: 'postgres' });
    await expect(create('billing-target')).rejects.toBeInstanceOf(DBSnapshotAlreadyExistsFault);
    await expect(create('billing-busy')).rejects.toBeInstanceOf(InvalidDBInstanceStateFault);
    const ask = (DBSnapshotIdentifier: string) => rds.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier }));
    await eventually(
      () => ask('before-switch'),
      ({ DBSnapshots }) => DBSnapshots?.[0]?.Status === 'available',
    );
    await expect(ask('none')).rejects.toBeInstanceOf(DBSnapshotNotFoundFault);
  });
});
