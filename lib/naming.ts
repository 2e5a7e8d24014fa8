import { createHash } from 'node:crypto';

/** `production-billing-forward`: the same words in the same order everywhere. */
export const resourceName = (...words: string[]): string => words.join('-');

/**
 * The last segment of a DMS ARN, chosen by us so that ARNs, metrics and policies know each other before the deployment.
 * At most 31 characters (AWS::DMS::ReplicationTask, ResourceIdentifier); a longer name ends with a digest of itself.
 */
export function dmsResourceIdentifier(...words: string[]): string {
  const name = resourceName(...words);
  if (name.length <= 31) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, 22).replace(/-+$/, '')}-${digest}`;
}

/** CloudFormation ids take letters and digits only. */
export const logicalId = (text: string): string =>
  text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
