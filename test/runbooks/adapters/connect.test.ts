import { buildManifest } from '../../../definition/manifest/build';
import { sectionPath } from '../../../definition/manifest/parameter-paths';
import type { Manifest, SectionName } from '../../../definition/manifest/sections';
import type { AwsEndpoint } from '../../../rehearsal/aws-endpoint/endpoint';
import { connect } from '../../../runbooks/adapters/connect';
import { UsageError } from '../../../runbooks/ports/failures';
import { development } from '../../../environments/development';
import { startEndpoint } from '../../rehearsal/aws-endpoint/running-endpoint';
import { noSignal, pointTo } from './aws/aws-place';

const closedPort = 9;

/** The manifest of the worked example, deployed to nowhere. */
function sections(account: string, change: (manifest: Manifest) => void = () => undefined) {
  const side = (name: string) => ({
    host: '127.0.0.1',
    port: closedPort,
    tlsServerName: `${name}.example.com`,
    certificateAuthority: { pem: 'PEM' },
    runbookSecretId: `runbook-${name}`,
  });
  const task = (name: string) => ({ arn: `arn:aws:dms:eu-central-1:${account}:task:${name}`, identifier: name });
  const manifest = buildManifest({ ...development, account }, 'billing', {
    source: side('source'),
    target: side('target'),
    replication: { instanceArn: 'arn', load: task('load'), forward: task('forward'), reverse: task('reverse') },
    routing: { zoneId: 'Z1', authoritativeServers: [], stackNames: [] },
    alarmNames: [],
    journalBucket: 'journal',
  }) as Manifest;
  change(manifest);
  return Object.entries(manifest).map(([name, section]) => ({
    name: sectionPath('development', 'billing', name as SectionName),
    value: JSON.stringify(section),
  }));
}

describe('connecting to a migration', () => {
  let endpoint: AwsEndpoint;
  const account = '123456789012';
  const open = async (parameters: { name: string; value: string }[]) => {
    const secret = (name: string) => ({ arn: `arn:${name}`, name, value: '{"username":"runbook","password":"hush"}' });
    endpoint = await startEndpoint({ parameters, secrets: [secret('runbook-source'), secret('runbook-target')] });
    pointTo(endpoint.url);
  };
  afterEach(() => endpoint.close());

  const refusal = async (environment = 'development', migration = 'billing'): Promise<UsageError> => {
    const request = { environment, migration, mode: 'plan', signal: noSignal } as const;
    const error: unknown = await connect(request).then(
      () => undefined,
      (found: unknown) => found,
    );
    expect(error).toBeInstanceOf(UsageError);
    return error as UsageError;
  };

  test('to an unknown one is refused with what exists', async () => {
    await open(sections(account));
    for (const error of [await refusal('production'), await refusal('development', 'orders')]) {
      expect(error.code).toBe('unknown-migration');
      expect(error.message).toContain('deployed are: billing in development');
    }
  });

  test('where the role may not list what exists, that is said', async () => {
    await open([]);
    const denied = { kind: 'refuse', service: 'ssm', operation: 'GetParametersByPath', status: 400 } as const;
    endpoint.addFault({ ...denied, code: 'AccessDeniedException', count: 1 });
    expect((await refusal()).code).toBe('access-denied');
    expect((await refusal()).message).toContain('no migration is deployed here');
  });

  test('with the credentials of another account is refused, naming both', async () => {
    await open(sections('999999999999'));
    const error = await refusal();
    expect(error.code).toBe('wrong-account');
    expect(error.message).toContain('123456789012');
    expect(error.message).toContain('999999999999');
  });

  test('with a manifest of another version, or a section missing, is refused', async () => {
    await open(sections(account, (manifest) => Object.assign(manifest.identity, { manifestVersion: 99 })));
    expect(await refusal()).toMatchObject({
      code: 'bad-manifest',
      message: expect.stringContaining('version 99') as string,
    });
    await endpoint.close();
    await open(sections(account).filter(({ name }) => !name.endsWith('/gates')));
    expect((await refusal()).message).toContain('no section "gates"');
  });

  test('with an engine that no runbook speaks is refused before any database is asked', async () => {
    await open(sections(account, (manifest) => Object.assign(manifest.databases.source, { engine: 'oracle' })));
    expect(await refusal()).toMatchObject({
      code: 'engine-not-supported',
      message: expect.stringContaining('the source is oracle') as string,
    });
  });

  test('with MySQL on one side asks that side as well as the other', async () => {
    await open(
      sections(account, (manifest) => {
        Object.assign(manifest.databases.source, { engine: 'mysql', majorVersion: '8.0' });
      }),
    );
    const error = await refusal();
    expect(error.code).toBe('database-unreachable');
    expect(error.message).toContain(`the source database at 127.0.0.1:${closedPort}`);
    expect(error.message).toContain(`the target database at 127.0.0.1:${closedPort}`);
  });

  test('whose certificate bundle is missing is refused, naming the file', async () => {
    const missing = { certificateAuthority: { file: 'certificates/no-such-bundle.pem' } };
    await open(
      sections(account, ({ databases }) => {
        Object.assign(databases.source, missing);
        Object.assign(databases.target, missing);
      }),
    );
    const error = await refusal();
    expect(error.code).toBe('no-certificate-authority');
    expect(error.message).toContain('certificates/no-such-bundle.pem');
  });

  test('whose databases are not there is refused, without a secret in the message', async () => {
    await open(sections(account));
    const error = await refusal();
    expect(error.message).toContain(`127.0.0.1:${closedPort}`);
    expect(`${error.message} ${error.next} ${String(error.cause)}`).not.toContain('hush');
  });
});
