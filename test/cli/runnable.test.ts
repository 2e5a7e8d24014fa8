import { runnable } from '../../cli/runnable';

const place = { verb: 'switch', migration: 'billing', environment: 'staging', refused: true };
const check = 'cutover check billing --environment staging';

describe('the last line’s next command', () => {
  it.each([
    ['cutover verify --execute', 'cutover verify billing --environment staging --execute'],
    ['cutover verify, then switch again', 'cutover verify billing --environment staging'],
    ['cutover switch --accept-loss', 'cutover switch billing --environment staging --accept-loss'],
    [`${check} --json`, `${check} --json`],
    ['aws sso login --profile staging', 'aws sso login --profile staging'],
    ['npx cdk deploy staging/billing, then cutover check once more', 'npx cdk deploy staging/billing'],
    ['cdk deploy', "npx cdk deploy 'staging/**'"],
  ])('is whole: %s', (given, expected) => expect(runnable(given, place)).toBe(expected));

  it.each([
    'SELECT pg_terminate_backend(7) on the source, or wait for its end',
    'add a primary key, exclude the table, or waive it by name with a reason',
    'aws sso login, with AWS_PROFILE set to your profile',
    'wait 12 s, then cutover check',
    undefined,
  ])('comes after what a person must do first: %s', (given) => {
    expect(runnable(given, place)).toBe(check);
    expect(runnable(given, { ...place, refused: false })).toBe('cutover switch billing --environment staging');
  });
});
