import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * The ARN of one secret. Secrets Manager adds a hyphen and six characters to the name; six `?` stand for exactly these, where `*`
 * would also reach every secret whose name begins alike.
 */
export function secretArnPattern(scope: Construct, id: string): string {
  if (Token.isUnresolved(id) || id.startsWith('arn:')) return id;
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:secretsmanager:${region}:${account}:secret:${id}-??????`;
}
