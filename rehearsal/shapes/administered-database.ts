import type { DatabaseEndpoint } from '../application/database';
import type { AdministeredDatabase } from '../application/model/read-model';
import { databaseName } from '../local-place';
import type { DatabasesPlace, Side } from './shape';

/** Where a side's database answers. */
export function databaseOf({ scenario, place, engines }: DatabasesPlace, side: Side): DatabaseEndpoint {
  return {
    family: engines[side].family,
    host: side === 'source' ? place.sourceHost : place.targetHost,
    port: place.databasePort,
    database: scenario.database,
    tlsServerName: databaseName(scenario.name, side),
    caCertificatePem: place.certificateAuthorityPem,
  };
}

/** For those who pass the application by. */
export function administeredDatabase(databases: DatabasesPlace, side: Side): AdministeredDatabase {
  const { engines, credentials } = databases;
  const username = engines[side].family === 'mysql' ? 'root' : 'postgres';
  return { ...databaseOf(databases, side), administrator: { username, password: credentials.passwordOf(username) } };
}
