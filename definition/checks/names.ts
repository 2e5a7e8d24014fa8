import type { EnvironmentCheck, MigrationCheck } from './check';

/** What S3 allows of a bucket's name; ours is `cutover-journal-<environment>-<account>-<region>`. */
const longestBucketName = 63;
/** What IAM allows of a role's name and EventBridge of a rule's; our longest is `cutover-<environment>-<migration>-task-failed`. */
const longestName = 64;

/** RDS and DMS refuse identifiers with two hyphens in a row or one at the end; both names become part of theirs. */
const isIdentifier = (name: string): boolean => !name.includes('--') && !name.endsWith('-');
const hyphens = {
  allowed: 'single hyphens, and none at the end',
  why: 'the name becomes part of identifiers of RDS and DMS, which refuse others',
};

export const environmentNameFits: EnvironmentCheck = ({ name, account, region }) => {
  const room = longestBucketName - `cutover-journal--${account}-${region}`.length;
  return [
    ...(name.length > room
      ? [
          {
            path: 'name',
            value: name,
            allowed: `at most ${room} characters in ${region}`,
            why: `the journal's bucket is named after it, and S3 allows ${longestBucketName} characters`,
          },
        ]
      : []),
    ...(isIdentifier(name) ? [] : [{ path: 'name', value: name, ...hyphens }]),
  ];
};

export const migrationNameFits: MigrationCheck = ({ name, environment }) => {
  const room = longestName - `cutover-${environment.name}--task-failed`.length;
  return [
    ...(name.length > room
      ? [
          {
            path: '',
            value: name,
            allowed: `a name of at most ${room} characters in the environment ${environment.name}`,
            why: `roles and rules are named after both, and AWS allows ${longestName} characters`,
          },
        ]
      : []),
    ...(isIdentifier(name) ? [] : [{ path: '', value: name, ...hyphens }]),
  ];
};
