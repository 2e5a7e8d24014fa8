import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { callerAccount, checkAccount } from '../../../../runbooks/adapters/aws/caller-account';
import { awsClients } from '../../../../runbooks/adapters/aws/clients';
import { loginSecret } from '../../../../runbooks/adapters/aws/login-secret';
import { TextObjects } from '../../../../runbooks/adapters/aws/text-objects';
import { WeightParameters } from '../../../../runbooks/adapters/aws/weight-parameters';
import { UsageError } from '../../../../runbooks/ports/failures';
import { bucket, noSignal, openPlace, routing, type Place } from './aws-place';

describe('the clients of the SDK', () => {
  let place: Place;
  beforeEach(async () => {
    place = await openPlace({
      secrets: [
        { arn: 'arn:secret:good', name: 'good', value: '{"username":"ada","password":"hush","host":"ignored"}' },
        { arn: 'arn:secret:bad', name: 'bad', value: '{"user":"ada","password":"hush"}' },
        { arn: 'arn:secret:text', name: 'text', value: 'hush, no JSON' },
      ],
    });
  });
  afterEach(() => place.close());

  const failure = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => undefined,
      (error: unknown) => error,
    );
  const refused = async (code: string, status = 400): Promise<UsageError> => {
    place.endpoint.addFault({ kind: 'refuse', service: 'sts', operation: 'GetCallerIdentity', code, status, count: 1 });
    const error = await failure(callerAccount(place.clients, noSignal));
    expect(error).toBeInstanceOf(UsageError);
    return error as UsageError;
  };

  test.each([
    ['ExpiredToken', 'credentials-expired', 'aws sso login'],
    ['InvalidClientTokenId', 'credentials-wrong', 'aws sso login'],
    ['AccessDenied', 'access-denied', 'runbook role'],
  ])('tell %s with service, operation and the next command', async (code, ours, next) => {
    const error = await refused(code, 403);
    expect(error.code).toBe(ours);
    expect(error.message).toContain('STS GetCallerIdentity');
    expect(error.next).toContain(next);
    expect(error.message).not.toContain('\n');
  });

  test('name the account once it is known', async () => {
    expect((await refused('AccessDenied', 403)).message).not.toContain('account');
    await callerAccount(place.clients, noSignal);
    expect((await refused('AccessDenied', 403)).message).toContain('(account 123456789012)');
  });

  test('without credentials or region say so', async () => {
    const saved = { ...process.env };
    try {
      delete process.env['AWS_ACCESS_KEY_ID'];
      delete process.env['AWS_SECRET_ACCESS_KEY'];
      process.env['AWS_PROFILE'] = 'nobody';
      const clients = awsClients({ mode: 'plan' });
      expect(await failure(callerAccount(clients, noSignal))).toMatchObject({
        code: 'credentials-missing',
        next: 'aws sso login --profile nobody',
      });
      clients.close();
      delete process.env['AWS_PROFILE'];
      delete process.env['AWS_REGION'];
      const nowhere = awsClients({ mode: 'plan' });
      expect(await failure(callerAccount(nowhere, noSignal))).toMatchObject({ code: 'region-missing' });
      nowhere.close();
    } finally {
      delete process.env['AWS_PROFILE'];
      Object.assign(process.env, saved);
    }
  });

  test('of a plan send nothing that changes anything', async () => {
    const clients = awsClients({ mode: 'plan' });
    const [record] = routing.records;
    if (!record) throw new Error('no record');
    await expect(new WeightParameters(clients).write(record, { source: 1, target: 0 }, noSignal)).rejects.toThrow(
      'SSM PutParameter would change something; a plan only reads',
    );
    await expect(new TextObjects(clients, bucket).create('key', 'text', noSignal)).rejects.toThrow('a plan only reads');
    expect(await new TextObjects(clients, bucket).read('key', noSignal)).toBeUndefined();
    clients.close();
  });

  test('refuse the credentials of another account', () => {
    const wanted = { account: '123456789012', environment: 'production' };
    expect(() => checkAccount('123456789012', wanted)).not.toThrow();
    expect(() => checkAccount('000000000000', wanted)).toThrow(
      'the credentials belong to account 000000000000, environment "production" is in account 123456789012',
    );
  });

  test('read logins, and never show what a malformed secret holds', async () => {
    expect(await loginSecret(place.clients, 'good', noSignal)).toEqual({ username: 'ada', password: 'hush' });
    for (const [name, code] of [
      ['bad', 'secret-malformed'],
      ['text', 'secret-malformed'],
      ['gone', 'secret-missing'],
    ] as const) {
      const error = await failure(loginSecret(place.clients, name, noSignal));
      expect(error).toMatchObject({ name: 'UsageError', code });
      expect(JSON.stringify([(error as Error).message, String((error as Error).cause)])).not.toContain('hush');
    }
  });

  test('are loaded only when asked for, and the SDK keeps quiet about Node', () => {
    const script = `
      require('tsx/cjs');
      const { awsClients } = require('./runbooks/adapters/aws/clients.ts');
      const loaded = () => Object.keys(require.cache).filter((path) => /@aws-sdk.client-/.test(path)).length;
      const before = loaded();
      const clients = awsClients({ mode: 'plan' });
      clients.sts().then(() => { console.log(before, loaded()); clients.close(); });`;
    const root = join(__dirname, '..', '..', '..', '..');
    const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: '' };
    const output = execFileSync(process.execPath, ['-e', script], { cwd: root, env, encoding: 'utf8', stdio: 'pipe' });
    expect(output.trim()).toBe('0 1');
  });
});
