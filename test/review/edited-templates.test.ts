/** Dangers that no definition can ask for, only an edit of the stacks: the templates themselves are changed here. */
import type { Resource, Template } from '../../review/assembly';
import { reviewAssemblies } from '../../review/review-assemblies';
import { removeTemporaryFolders } from '../temporary-folder';
import { assembly } from './assembly';

afterAll(removeTemporaryFolders);

const record = (properties: object): Resource => ({
  Type: 'AWS::Route53::RecordSet',
  Properties: {
    Name: 'db.example.com',
    SetIdentifier: 's',
    TTL: '5',
    Weight: { Ref: 'W' },
    ResourceRecords: ['a'],
    ...properties,
  },
});
const weight = (path: string) => ({ W: { Type: 'AWS::SSM::Parameter::Value<String>', Default: path } });
const own = weight('/cutover/e/m/weights/db.example.com/source');
const role = (...actions: string[]): Resource => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: { PolicyDocument: { Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] } },
});

const names = (before: Record<string, Template>, after: Record<string, Template>) =>
  reviewAssemblies({ base: assembly(before), head: assembly(after) }).dangers.map((danger) => danger.name);

const one = (resource: Resource, Parameters: Template['Parameters'] = own): Record<string, Template> => ({
  s: { Parameters, Resources: { R: resource } },
});

describe('an edited template', () => {
  const cases: [
    title: string,
    before: Record<string, Template>,
    after: Record<string, Template>,
    expected: string[],
  ][] = [
    ['a weight in the template', one(record({})), one(record({ Weight: 255 })), ['weights-taken e/s R']],
    [
      'a weight from another parameter',
      one(record({})),
      one(record({}), weight('/cutover/e/m/weights/x/source')),
      ['weights-taken e/s R'],
    ],
    ['a health check', one(record({})), one(record({ HealthCheckId: 'h' })), ['health-check-added e/s R']],
    ['a stack that goes', { ...one(record({})), t: {} }, one(record({})), ['stack-removed e/t (stack)']],
    ['one action more', one(role('s3:GetObject')), one(role('s3:GetObject', 's3:PutObject')), ['access-widened e/s R']],
    ['one action fewer', one(role('s3:GetObject', 's3:PutObject')), one(role('s3:GetObject')), []],
    ['a wildcard made narrow', one(role('s3:*')), one(role('s3:GetObject')), []],
    [
      'a database whose place another resource takes',
      one({ Type: 'AWS::RDS::DBInstance', DeletionPolicy: 'Snapshot', Properties: {} }),
      one({ Type: 'AWS::SNS::Topic', Properties: {} }),
      ['stateful-replaced e/s R'],
    ],
    [
      'a bucket that leaves its stack',
      one({ Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', Properties: {} }),
      { s: { Parameters: own, Resources: {} } },
      ['stateful-removed e/s R'],
    ],
    [
      'a snapshot that is no longer taken',
      one({ Type: 'AWS::RDS::DBInstance', DeletionPolicy: 'Snapshot', Properties: {} }),
      one({ Type: 'AWS::RDS::DBInstance', DeletionPolicy: 'Delete', Properties: {} }),
      ['protection-lowered e/s R'],
    ],
    [
      'a task that goes',
      one({ Type: 'AWS::DMS::ReplicationTask', Properties: { MigrationType: 'cdc' } }),
      { s: { Parameters: own, Resources: {} } },
      ['task-removed e/s R'],
    ],
    [
      'a task of another type',
      one({ Type: 'AWS::DMS::ReplicationTask', Properties: { MigrationType: 'cdc' } }),
      one({ Type: 'AWS::DMS::ReplicationTask', Properties: { MigrationType: 'full-load' } }),
      ['task-replaced e/s R'],
    ],
    [
      'TLS that is no longer verified',
      one({ Type: 'AWS::DMS::Endpoint', Properties: { SslMode: 'verify-full' } }),
      one({ Type: 'AWS::DMS::Endpoint', Properties: { SslMode: 'require' } }),
      ['task-stopped e/s R', 'protection-lowered e/s R'],
    ],
  ];

  it.each(cases)('%s', (_title, before, after, expected) => {
    expect(names(before, after).sort()).toEqual(expected.sort());
  });
});
