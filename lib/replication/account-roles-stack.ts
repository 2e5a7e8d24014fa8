import type { Construct } from 'constructs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import * as cr from 'aws-cdk-lib/custom-resources';
import type { Environment } from '../../definition/schema/environment';
import { acknowledge } from '../acknowledge';
import { CutoverStack } from '../cutover-stack';

/** The names are fixed by DMS, one of each per account (AWS DMS User Guide, "Creating the IAM roles to use with AWS DMS"). */
const roles = {
  'dms-vpc-role': 'AmazonDMSVPCManagementRole',
  'dms-cloudwatch-logs-role': 'AmazonDMSCloudWatchLogsRole',
};

/**
 * Creates the account-wide roles of DMS where they are absent, and never deletes them: other migrations of the account, also ones that
 * Cutover does not know, live on them. A stack of its own, deployed before the replication, so that IAM has time to spread them.
 */
export class AccountRolesStack extends CutoverStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, 'account-roles', environment, 'the account-wide roles of AWS DMS');
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'dms.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    });
    const arns = Object.keys(roles).map((role) => `arn:${this.partition}:iam::${this.account}:role/${role}`);
    for (const [role, policy] of Object.entries(roles)) {
      const policyArn = `arn:${this.partition}:iam::aws:policy/service-role/${policy}`;
      const create: cr.AwsSdkCall = {
        service: 'IAM',
        action: 'createRole',
        parameters: { RoleName: role, AssumeRolePolicyDocument: trust },
        physicalResourceId: cr.PhysicalResourceId.of(role),
        ignoreErrorCodesMatching: 'EntityAlreadyExists',
      };
      const attach: cr.AwsSdkCall = {
        service: 'IAM',
        action: 'attachRolePolicy',
        parameters: { RoleName: role, PolicyArn: policyArn },
        physicalResourceId: cr.PhysicalResourceId.of(`${role}/${policy}`),
      };
      const permissions = cr.AwsCustomResourcePolicy.fromStatements([
        new iam.PolicyStatement({ actions: ['iam:CreateRole'], resources: arns }),
        new iam.PolicyStatement({
          actions: ['iam:AttachRolePolicy'],
          resources: arns,
          conditions: {
            ArnEquals: {
              'iam:PolicyARN': Object.values(roles).map(
                (name) => `arn:${this.partition}:iam::aws:policy/service-role/${name}`,
              ),
            },
          },
        }),
      ]);
      const options = { policy: permissions, installLatestAwsSdk: false, resourceType: 'Custom::DmsAccountRole' };
      const created = new cr.AwsCustomResource(this, `Create-${role}`, {
        ...options,
        onCreate: create,
        onUpdate: create,
      });
      const attached = new cr.AwsCustomResource(this, `Attach-${role}`, {
        ...options,
        onCreate: attach,
        onUpdate: attach,
      });
      attached.node.addDependency(created);
    }
    // The provider already refers to its role; the dependency that the library adds says the same again.
    for (const each of this.node.findAll()) if (each instanceof CfnFunction) each.addDeletionOverride('DependsOn');
    acknowledge(this, {
      L1: 'the runtime of the provider is that of the CDK library',
      'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]':
        'the provider of the CDK library writes its log with it',
    });
  }
}
