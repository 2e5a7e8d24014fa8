import { join } from 'node:path';
import type { ConnectAdoption } from '../ports/record-adoption';
import { callerAccount, checkAccount } from './aws/caller-account';
import { awsClients } from './aws/clients';
import { s3JournalStore } from './aws/journal-store';
import { S3MigrationLock } from './aws/migration-lock';
import { fetchManifest } from './aws/read-manifest';
import { Route53Adoption } from './aws/record-adoption';
import { TextObjects } from './aws/text-objects';
import { systemClock } from './clock';
import { LocalSpool } from './local-spool';
import { randomNonces } from './nonces';
import { operatorName } from './terminal/terminal-operator';

/** Manifest, zone and journal of a migration: what an adoption of its records asks, and no database. */
export const connectAdoption: ConnectAdoption = async (request) => {
  const clients = awsClients({ mode: request.mode });
  try {
    const account = await callerAccount(clients, request.signal);
    const manifest = await fetchManifest(clients, request, request.signal);
    checkAccount(account, manifest.identity);
    const { environment, migration } = manifest.identity;
    const place = { environment, migration };
    const objects = new TextObjects(clients, manifest.journal.bucket);
    const parts = { objects, holderName: operatorName(), clock: systemClock, nonces: randomNonces };
    const lock = new S3MigrationLock({ ...place, ...parts });
    const spool = new LocalSpool(join(process.cwd(), '.cutover', 'spool', environment, migration));
    return {
      manifest,
      adoption: new Route53Adoption(clients, manifest.routing),
      readLock: (signal) => lock.read(signal),
      journal: s3JournalStore(objects, spool, place),
      clock: systemClock,
      nonces: randomNonces,
      close: async () => clients.close(),
    };
  } catch (error) {
    clients.close();
    throw error;
  }
};
