import type { ConnectReplication } from '../ports/replication-world';
import { callerAccount, checkAccount } from './aws/caller-account';
import { awsClients } from './aws/clients';
import { fetchManifest } from './aws/read-manifest';
import { Route53Routing } from './aws/routing';
import { awsSurroundings } from './aws/surroundings';
import { tasksOf } from './aws/tasks-of';
import { systemClock } from './clock';
import { randomNonces } from './nonces';

/** Only ever read: whoever holds the lock is not asked. */
const assertHeld = () => Promise.reject(new Error('nothing is changed without a lock'));

/** What AWS says of a migration whose databases the runbooks cannot ask. */
export const connectReplication: ConnectReplication = async (request) => {
  const clients = awsClients({ mode: 'plan' });
  try {
    const account = await callerAccount(clients, request.signal);
    const manifest = await fetchManifest(clients, request, request.signal);
    checkAccount(account, manifest.identity);
    return {
      manifest,
      tasks: tasksOf(clients, manifest, assertHeld),
      routing: new Route53Routing({ clients, routing: manifest.routing, nonces: randomNonces, assertHeld }),
      surroundings: awsSurroundings(clients, systemClock),
      clock: systemClock,
      close: async () => clients.close(),
    };
  } catch (error) {
    clients.close();
    throw error;
  }
};
