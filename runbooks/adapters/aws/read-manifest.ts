import { manifestPath } from '../../../definition/manifest/parameter-paths';
import { ManifestError, readManifest } from '../../../definition/manifest/read';
import type { Manifest } from '../../../definition/manifest/sections';
import { UsageError } from '../../ports/failures';
import type { AwsClients } from './clients';
import { during } from './during';

/** All parameters below a path: name → value. Ten a page is what SSM allows. */
async function below(
  clients: AwsClients,
  path: string,
  recursive: boolean,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const { sdk, client } = await clients.ssm();
  const found = new Map<string, string>();
  let token: string | undefined;
  do {
    const input = { Path: path, Recursive: recursive, MaxResults: 10, NextToken: token };
    const page = await during(signal, (options) => client.send(new sdk.GetParametersByPathCommand(input), options));
    for (const { Name, Value } of page.Parameters ?? []) found.set(Name ?? '', Value ?? '');
    token = page.NextToken;
  } while (token !== undefined);
  return found;
}

/** Every migration of an environment whose manifest is deployed in this account and region. */
export async function deployedMigrations(
  clients: AwsClients,
  environment: string,
  signal: AbortSignal,
): Promise<string[]> {
  const all = await deployedBelow(clients, `/cutover/${environment}/`, signal);
  return all.map(({ migration }) => migration);
}

async function deployedBelow(
  clients: AwsClients,
  path: string,
  signal: AbortSignal,
): Promise<{ environment: string; migration: string }[]> {
  const manifest = /^\/cutover\/([^/]+)\/([^/]+)\/manifest\/identity$/;
  const names = [...(await below(clients, path, true, signal)).keys()];
  return names.flatMap((name) => {
    const [, environment, migration] = manifest.exec(name) ?? [];
    return environment === undefined || migration === undefined ? [] : [{ environment, migration }];
  });
}

/** What can be asked for instead; the runbook role may not list it, then that is said. */
async function known(clients: AwsClients, signal: AbortSignal): Promise<string> {
  try {
    const pairs = (await deployedBelow(clients, '/cutover/', signal)).map(
      ({ environment, migration }) => `${migration} in ${environment}`,
    );
    return pairs.length > 0 ? `deployed are: ${pairs.sort().join(', ')}` : 'no migration is deployed here';
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UsageError && error.code === 'access-denied')
      return 'these credentials may not list what is deployed';
    throw error;
  }
}

/**
 * The manifest of a migration, from its SSM parameters.
 * @throws UsageError when there is none of that name, or this command cannot use it
 */
export async function fetchManifest(
  clients: AwsClients,
  { environment, migration }: { environment: string; migration: string },
  signal: AbortSignal,
): Promise<Manifest> {
  const path = manifestPath(environment, migration);
  const sections = await below(clients, path, false, signal);
  if (sections.size === 0)
    throw new UsageError(
      'unknown-migration',
      `no manifest stands under ${path} in this account and region; ${await known(clients, signal)}`,
      { next: 'check the name, --environment, AWS_PROFILE and AWS_REGION; or deploy the environment: cdk deploy' },
    );
  try {
    return readManifest(new Map([...sections].map(([name, value]) => [name.slice(path.length + 1), value])));
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new UsageError('bad-manifest', `${path}: ${error.message}`, { next: 'cdk deploy', cause: error });
  }
}
