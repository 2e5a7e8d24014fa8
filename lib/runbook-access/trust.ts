import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Environment } from '../../definition/schema/environment';

/** Who may take the roles: people of the account with a second factor, named principals, and the protected GitHub environment. */
export function runbookPrincipal(scope: Construct, { name, account, runbookAccess }: Environment): iam.IPrincipal {
  const people = new iam.AccountPrincipal(account).withConditions({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } });
  const named = runbookAccess.principalArns.map((arn) => new iam.ArnPrincipal(arn));
  const repository = runbookAccess.githubRepository;
  if (repository === undefined) return new iam.CompositePrincipal(people, ...named);
  const provider = `arn:${Stack.of(scope).partition}:iam::${account}:oidc-provider/token.actions.githubusercontent.com`;
  const workflow = new iam.WebIdentityPrincipal(provider, {
    StringEquals: {
      'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
      'token.actions.githubusercontent.com:sub': `repo:${repository}:environment:${name}`,
    },
  });
  return new iam.CompositePrincipal(people, ...named, workflow);
}
