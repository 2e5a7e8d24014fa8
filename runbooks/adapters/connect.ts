import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { familyOf } from '../../definition/engines';
import type { Manifest, SideManifest, SideName } from '../../definition/manifest/sections';
import { UsageError } from '../ports/failures';
import type { Connect, LostSide, World, WorldRequest } from '../ports/world';
import { callerAccount, checkAccount } from './aws/caller-account';
import { awsClients, type AwsClients } from './aws/clients';
import { s3JournalStore } from './aws/journal-store';
import { loginSecret } from './aws/login-secret';
import { S3MigrationLock } from './aws/migration-lock';
import { snsNotifier } from './aws/notifier';
import { fetchManifest } from './aws/read-manifest';
import { Route53Routing } from './aws/routing';
import { awsSurroundings } from './aws/surroundings';
import { tasksOf } from './aws/tasks-of';
import { TextObjects } from './aws/text-objects';
import { systemClock } from './clock';
import { commandWriter } from './commands/command-writer';
import { dnsNameService } from './dns/name-service';
import { LocalSpool } from './local-spool';
import { answersAgain, bothFailures, isUnreachable, lostDatabase } from './lost-side';
import { randomNonces } from './nonces';
import { connectMysql } from './mysql/connect';
import { connectPostgres } from './postgres/connect';
import { operatorName } from './terminal/terminal-operator';

const projectRoot = resolve(__dirname, '..', '..');

async function certificateAuthority({ certificateAuthority: given }: SideManifest): Promise<string> {
  if ('pem' in given) return given.pem;
  const path = join(projectRoot, given.file);
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError('no-certificate-authority', `the certificate bundle ${path} cannot be read`, {
      next: 'put the bundle there (see certificates/), or name another file in the definition and deploy again',
      cause,
    });
  });
}

/** The runbooks' own connection to a side, by the family of its engine. */
const connectors = { postgres: connectPostgres, mysql: connectMysql, oracle: undefined, sqlserver: undefined } as const;

/** Refused before any connection is made. */
function checkEngines({ databases }: Manifest): void {
  for (const side of ['source', 'target'] as const) {
    const { engine } = databases[side];
    if (!connectors[familyOf(engine)])
      throw new UsageError(
        'engine-not-supported',
        `the ${side} is ${engine}; the runbooks of this release run between PostgreSQL and MySQL databases (postgres, aurora-postgresql, mysql, mariadb, aurora-mysql)`,
        { next: 'cutover check' },
      );
  }
}

async function connectSides(clients: AwsClients, manifest: Manifest, request: WorldRequest) {
  const { migration } = request;
  const connectSide = async (side: SideName, mode = request.mode, signal = request.signal) => {
    const database = manifest.databases[side];
    const connectDatabase = connectors[familyOf(database.engine)];
    if (!connectDatabase) throw new Error(`nothing connects to ${database.engine}`);
    return connectDatabase({
      side,
      manifest,
      migration,
      mode,
      credentials: await loginSecret(clients, database.runbookSecretId, signal),
      loginSecret: (secretId: string) => loginSecret(clients, secretId, signal),
      certificateAuthorityPem: await certificateAuthority(database),
      nonces: randomNonces,
      clock: systemClock,
      signal,
    });
  };
  const [source, target] = await Promise.allSettled([connectSide('source'), connectSide('target')]);
  if (source.status === 'fulfilled' && target.status === 'fulfilled')
    return { sides: { source: source.value, target: target.value } };
  const { mayBeLost } = request;
  const missing = mayBeLost && { source, target }[mayBeLost];
  const other = mayBeLost && { source: target, target: source }[mayBeLost];
  if (other?.status === 'fulfilled' && missing?.status === 'rejected' && isUnreachable(missing.reason)) {
    const lost: LostSide = {
      side: mayBeLost as SideName,
      why: (missing.reason as Error).message,
      answers: (now) => answersAgain(() => connectSide(mayBeLost as SideName, 'plan', now), now),
    };
    const present = other.value;
    const gone = lostDatabase(lost);
    return {
      sides: present.side === 'source' ? { source: present, target: gone } : { source: gone, target: present },
      lost,
    };
  }
  for (const each of [source, target]) if (each.status === 'fulfilled') await each.value.close();
  const reasons = [source, target].flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  throw bothFailures(reasons);
}

/** Manifest and account, before anything else is asked. Both calls only read, so they go out together. */
async function knownMigration(clients: AwsClients, request: WorldRequest): Promise<Manifest> {
  const [account, found] = await Promise.allSettled([
    callerAccount(clients, request.signal),
    fetchManifest(clients, request, request.signal),
  ]);
  if (account.status === 'rejected') throw account.reason;
  if (found.status === 'rejected') throw found.reason;
  checkAccount(account.value, found.value.identity);
  return found.value;
}

/** The world of a migration, as its deployed manifest says. The only place where adapters are wired. */
export const connect: Connect = async (request): Promise<World> => {
  const clients = awsClients({ mode: request.mode });
  try {
    const manifest = await knownMigration(clients, request);
    checkEngines(manifest);
    const { environment, migration } = manifest.identity;
    const { routing } = manifest;
    const place = { environment, migration };
    const objects = new TextObjects(clients, manifest.journal.bucket);
    const lock = new S3MigrationLock({
      ...place,
      objects,
      holderName: operatorName(),
      clock: systemClock,
      nonces: randomNonces,
    });
    const assertHeld = (signal: AbortSignal) => lock.assertHeld(signal);
    const { sides, lost } = await connectSides(clients, manifest, request);
    return {
      manifest,
      sides,
      lost,
      tasks: tasksOf(clients, manifest, assertHeld),
      routing: new Route53Routing({ clients, routing, nonces: randomNonces, assertHeld }),
      names: dnsNameService(routing),
      writers: manifest.writers.writers.map((writer) => commandWriter(writer, systemClock, request.mode, assertHeld)),
      surroundings: awsSurroundings(clients, systemClock),
      notifier: snsNotifier(clients, manifest.notifications.topicArn),
      lock,
      journal: s3JournalStore(
        objects,
        new LocalSpool(join(process.cwd(), '.cutover', 'spool', environment, migration)),
        place,
      ),
      clock: systemClock,
      nonces: randomNonces,
      close: async () => {
        await Promise.allSettled([sides.source.close(), sides.target.close()]);
        clients.close();
      },
    };
  } catch (error) {
    clients.close();
    throw error;
  }
};
