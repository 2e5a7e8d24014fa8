import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { secretArnPattern } from '../secret-arns';

/** The role with which DMS reads exactly the two logins of the replication, and what gives it that right. */
export function secretAccessRole(
  scope: Construct,
  props: { secretIds: string[]; keyArns: string[]; description: string },
): { role: iam.Role; policy: iam.Policy } {
  const { region, account } = Stack.of(scope);
  const role = new iam.Role(scope, 'SecretAccess', {
    description: props.description,
    // Of the two names of the service DMS uses the regional one for secrets; the library would write the global one.
    assumedBy: new iam.ServicePrincipal(`dms.${region}.amazonaws.com`, {
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
  });
  const policy = new iam.Policy(scope, 'SecretAccessPolicy', {
    roles: [role],
    statements: [
      new iam.PolicyStatement({
        actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        resources: props.secretIds.map((id) => secretArnPattern(scope, id)),
      }),
      new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: props.keyArns }),
    ],
  });
  return { role, policy };
}
