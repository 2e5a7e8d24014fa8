import { awsClients } from './aws/clients';
import { deployedMigrations } from './aws/read-manifest';

/** Names of the migrations deployed in an environment, from their manifests. */
export async function migrationsOf(environment: string, signal: AbortSignal): Promise<string[]> {
  const clients = awsClients({ mode: 'plan' });
  try {
    const deployed = await deployedMigrations(clients, signal);
    return deployed.filter((each) => each.environment === environment).map((each) => each.migration);
  } finally {
    clients.close();
  }
}
