import type { Resource } from '../assembly';
import { danger, resourceChanges, type DangerCheck } from '../stack-change';
import { grantsOf, isCovered, type Grant } from './grants';

const documents: Record<string, string[]> = {
  'AWS::IAM::Role': ['AssumeRolePolicyDocument'],
  'AWS::IAM::ManagedPolicy': ['PolicyDocument'],
  'AWS::IAM::Policy': ['PolicyDocument'],
  'AWS::KMS::Key': ['KeyPolicy'],
  'AWS::S3::BucketPolicy': ['PolicyDocument'],
  'AWS::SNS::TopicPolicy': ['PolicyDocument'],
};

function allGrants(resource: Resource | undefined): Grant[] {
  if (!resource) return [];
  return (documents[resource.Type] ?? []).flatMap((name) => grantsOf(resource.Properties?.[name]));
}

/** Policies that are attached by name; a new one grants what stands elsewhere. */
const attached = (resource: Resource | undefined): string[] =>
  ((resource?.Properties?.['ManagedPolicyArns'] as unknown[] | undefined) ?? []).map((arn) => JSON.stringify(arn));

export const accessDangers: DangerCheck = (change) => {
  // A new stack brings its roles with it; what it adds is listed, not compared.
  if (!change.base) return [];
  return resourceChanges(change).flatMap(({ id, old, new: now }) => {
    const [before, after] = [allGrants(old), allGrants(now)];
    const allowed = after.filter(
      (grant) => grant.effect === 'Allow' && !before.some((one) => one.effect === 'Allow' && isCovered(grant, one)),
    );
    const denied = now
      ? before.filter(
          (grant) => grant.effect === 'Deny' && !after.some((one) => one.effect === 'Deny' && isCovered(grant, one)),
        )
      : [];
    const policies = attached(now).filter((arn) => !attached(old).includes(arn));
    const details = [
      ...new Set([
        ...allowed.map(
          (grant) => `${grant.action} on ${grant.resource}${grant.principal === '' ? '' : ` for ${grant.principal}`}`,
        ),
        ...denied.map((grant) => `no longer denied: ${grant.action} on ${grant.resource}`),
        ...policies.map((arn) => `attached: ${arn}`),
      ]),
    ];
    return details.length > 0 ? [danger(change, 'access-widened', id, details.join('; '))] : [];
  });
};
