import type { DeployedMigration } from '../ports/deployed-migration';
import { awsClients } from './aws/clients';
import { lockKey } from './aws/lock-object';
import { deployedMigrations, fetchManifest } from './aws/read-manifest';
import { TextObjects } from './aws/text-objects';

/** The migrations deployed in an environment, from their manifests, and whether anything was ever executed on them. */
export async function migrationsOf(environment: string, signal: AbortSignal): Promise<DeployedMigration[]> {
  const clients = awsClients({ mode: 'plan' });
  try {
    const found: DeployedMigration[] = [];
    for (const migration of await deployedMigrations(clients, environment, signal)) {
      const { journal } = await fetchManifest(clients, { environment, migration }, signal);
      // Nothing is executed without the lock, and a released lock stays.
      const lock = await new TextObjects(clients, journal.bucket).read(lockKey(environment, migration), signal);
      found.push({ migration, hasBegun: lock !== undefined });
    }
    return found;
  } finally {
    clients.close();
  }
}
