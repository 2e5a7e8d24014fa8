import { Match } from 'aws-cdk-lib/assertions';
import { resourceOf, setProperty, type Intention } from './intention';

const endpoint = 'AWS::DMS::Endpoint';
const task = 'AWS::DMS::ReplicationTask';
const stack = 'billing-replication';

export const replicationIntentions: Intention[] = [
  {
    title: 'every endpoint verifies the certificate of its database in full',
    stack,
    holds: (template) => {
      template.resourcePropertiesCountIs(endpoint, { SslMode: 'verify-full', CertificateArn: Match.anyValue() }, 5);
      template.resourceCountIs(endpoint, 5);
    },
    breaks: setProperty(endpoint, 'SslMode', 'require'),
  },
  {
    title: 'no password stands in the template',
    stack,
    holds: (template) => {
      template.resourcePropertiesCountIs(endpoint, { Password: Match.anyValue() }, 0);
      template.resourcePropertiesCountIs(
        endpoint,
        { PostgreSqlSettings: Match.objectLike({ SecretsManagerSecretId: Match.anyValue() }) },
        5,
      );
    },
    breaks: setProperty(endpoint, 'Password', 'x'),
  },
  {
    title: 'what arrives fires no trigger and no foreign key again',
    stack,
    holds: (template) =>
      template.resourcePropertiesCountIs(
        endpoint,
        {
          EndpointType: 'target',
          PostgreSqlSettings: Match.objectLike({ AfterConnectScript: "SET session_replication_role='replica'" }),
        },
        2,
      ),
    breaks: setProperty(endpoint, 'PostgreSqlSettings', {}, 'ReverseTo'),
  },
  {
    title: 'each direction reads its own slot',
    stack,
    holds: (template) => {
      for (const direction of ['forward', 'reverse'])
        template.resourcePropertiesCountIs(
          endpoint,
          {
            PostgreSqlSettings: Match.objectLike({
              SlotName: `cutover_billing_${direction}`,
              PluginName: 'test-decoding',
            }),
          },
          1,
        );
    },
    breaks: setProperty(endpoint, 'PostgreSqlSettings', { SlotName: 'cutover_billing_forward' }, 'ReverseFrom'),
  },
  {
    title: 'a large object that does not fit stops the task',
    stack,
    holds: (template) =>
      template.resourcePropertiesCountIs(
        endpoint,
        { EndpointType: 'source', PostgreSqlSettings: Match.objectLike({ FailTasksOnLobTruncation: true }) },
        3,
      ),
    breaks: setProperty(endpoint, 'PostgreSqlSettings', { FailTasksOnLobTruncation: false }, 'LoadFrom'),
  },
  {
    title: 'one task loads, three do not',
    stack,
    holds: (template) => {
      template.resourcePropertiesCountIs(task, { MigrationType: 'full-load-and-cdc' }, 1);
      template.resourcePropertiesCountIs(task, { MigrationType: 'cdc' }, 2);
      template.resourcePropertiesCountIs(task, { MigrationType: 'full-load' }, 1);
    },
    breaks: setProperty(task, 'MigrationType', 'full-load-and-cdc', 'ReverseTask'),
  },
  {
    title: 'no task drops a row in silence',
    stack,
    holds: (template) => {
      for (const { Properties } of Object.values(template.findResources(task)) as {
        Properties: Record<string, string>;
      }[]) {
        const settings = JSON.parse(Properties['ReplicationTaskSettings'] ?? '{}') as {
          ErrorBehavior: Record<string, string>;
        };
        for (const [name, policy] of Object.entries(settings.ErrorBehavior))
          if (name.endsWith('Policy') && !['SUSPEND_TABLE', 'STOP_TASK'].includes(policy))
            throw new Error(`${name} is ${policy}`);
      }
    },
    breaks: (template) => {
      const { Properties } = resourceOf(template, task, 'ForwardTask');
      Properties['ReplicationTaskSettings'] = String(Properties['ReplicationTaskSettings']).replace(
        '"ApplyErrorDeletePolicy":"SUSPEND_TABLE"',
        '"ApplyErrorDeletePolicy":"IGNORE_RECORD"',
      );
    },
  },
  {
    title: 'the state of one side is never replicated',
    stack,
    holds: (template) =>
      template.resourcePropertiesCountIs(
        task,
        { TableMappings: Match.stringLikeRegexp('"exclude","object-locator":\\{"schema-name":"cutover_local"') },
        4,
      ),
    breaks: setProperty(task, 'TableMappings', '{"rules":[]}', 'ReverseTask'),
  },
  {
    title: 'the replication instance has no address on the internet, and a standby',
    stack,
    holds: (template) =>
      template.hasResourceProperties('AWS::DMS::ReplicationInstance', { PubliclyAccessible: false, MultiAZ: true }),
    breaks: setProperty('AWS::DMS::ReplicationInstance', 'PubliclyAccessible', true),
  },
  {
    title: 'DMS opens exactly the two logins of the replication, through its regional name',
    stack,
    holds: (template) => {
      template.hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: Match.objectLike({
          Statement: Match.arrayWith([
            Match.objectLike({
              Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
              Resource: [
                'arn:aws:secretsmanager:eu-central-1:333333333333:secret:cutover/production/billing/source/replication-??????',
                { 'Fn::ImportValue': 'production-billing-target-database:ReplicationSecretArn' },
              ],
            }),
          ]),
        }),
      });
      template.hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: Match.objectLike({
          Statement: [Match.objectLike({ Principal: { Service: 'dms.eu-central-1.amazonaws.com' } })],
        }),
      });
    },
    breaks: setProperty('AWS::IAM::Role', 'AssumeRolePolicyDocument', {}),
  },
];
