import { join } from 'node:path';
import { z } from 'zod';
import type { JournalObject } from './judge/journal-chain';
import type { OperatorWindow } from './judge/phases';
import { addressOf, rehearsalEnvironmentName } from './local-place';
import { writeSecretFile } from './processes/run-folder';
import { shapeOf } from './shapes/of-scenario';
import type { RehearsalWorld } from './world';

const launcher = join(__dirname, '..', 'bin', 'cutover.js');
/** What a shell may hold that would lead the AWS clients elsewhere. */
const misleading = ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'];

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A file for another terminal: sourced there, `cutover`, `aws` and `psql` reach this world and nothing else. */
export function writePracticeFile(world: RehearsalWorld): string {
  const { place, scenario, credentials, environment, names, runFolder } = world;
  const { write, read } = scenario.accounts;
  const authority = writeSecretFile(runFolder, 'authority.pem', place.databases.source.certificateAuthorityPem);
  const variables: Record<string, string> = {
    ...Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('AWS_'))),
    AWS_DEFAULT_REGION: environment['AWS_REGION'] ?? '',
    WRITE_NAME: names.write,
    READ_NAME: names.read,
    RESOLVER: addressOf(place.resolver),
    NAME_SERVERS: place.nameServers.map(addressOf).join(' '),
    SOURCE: connectionOf(world, 'source', authority),
    TARGET: connectionOf(world, 'target', authority),
    PGPORT: String(place.databases.target.port),
    PGDATABASE: place.databases.target.database,
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: authority,
  };
  const accounts = [...write, ...read, 'cutover_runbook', ...shapeOf(scenario).administrators];
  return writeSecretFile(
    runFolder,
    'practice.sh',
    [
      `unset ${misleading.join(' ')}`,
      ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`),
      ...accounts.map((name) => `export PASSWORD_${name}=${quoted(credentials.passwordOf(name))}`),
      `cutover() { ${quoted(process.execPath)} ${quoted(launcher)} "$@"; }`,
      '',
    ].join('\n'),
  );
}

/** What `psql` takes as its database, or the options of `mysql` and `mariadb`, without an account. */
function connectionOf({ engines, place }: RehearsalWorld, side: 'source' | 'target', authority: string): string {
  const { host, port, database, tlsServerName } = place.databases[side];
  if (engines[side].family === 'postgres') return `host=${tlsServerName} hostaddr=${host}`;
  return `--host=${host} --port=${port} --database=${database} --ssl-ca=${authority}`;
}

const login = ({ engines, scenario }: RehearsalWorld): string => {
  const name = scenario.accounts.write[0];
  return engines.source.family === 'postgres'
    ? `psql "$SOURCE user=${name} password=$PASSWORD_${name}"`
    : `mysql $SOURCE --user=${name} --password="$PASSWORD_${name}"`;
};

/** What to type, for whoever practises. */
export const invitation = (world: RehearsalWorld, file: string): string => {
  const { scenario, names, place, stacks } = world;
  const { name } = scenario;
  const port = stacks.length > 0 ? place.stacks.source.port : place.databases.source.port;
  return `
The world stands, and the clients write. In another terminal:

  . ${file}
  cutover check ${name} --environment ${rehearsalEnvironmentName}
  cutover start ${name} --environment ${rehearsalEnvironmentName} --execute
  cutover status ${name} --environment ${rehearsalEnvironmentName}
  ${login(world)}

Clients of your own find the primary as ${names.write}, port ${port}, through the resolver ${addressOf(place.resolver)}.
Kill a runbook, run two at once, change a row: then recover, and press Enter here. The judge looks at what is left.
`;
};

const startRecord = z.looseObject({ type: z.literal('run.started'), at: z.string(), verb: z.string() });
const anyRecord = z.looseObject({ at: z.string() });

/** The runs of people whom nobody watched: from the first record of a run in the journal to its last. */
export function windowsOfJournal(objects: readonly JournalObject[]): OperatorWindow[] {
  const runs = new Map<string, OperatorWindow>();
  for (const { key, body } of [...objects].sort((one, other) => (one.key < other.key ? -1 : 1))) {
    const prefix = key.replace(/[^/]*$/, '');
    const record = anyRecord.safeParse(JSON.parse(body));
    if (!record.success) continue;
    const at = Date.parse(record.data.at);
    const run = runs.get(prefix);
    if (run) run.until = Math.max(run.until, at);
    const started = startRecord.safeParse(record.data);
    if (started.success) runs.set(prefix, { verb: started.data.verb, from: at, until: at });
  }
  return [...runs.values()];
}
