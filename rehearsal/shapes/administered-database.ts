import type { DatabaseEndpoint } from '../application/database';
import type { AdministeredDatabase } from '../application/model/read-model';
import { administratorOf } from '../engines/any-engine';
import type { DatabasesPlace, Side } from './shape';

/** Where a side's database answers. */
export function databaseOf({ place, engines }: DatabasesPlace, side: Side): DatabaseEndpoint {
  const { host, port, database, tlsServerName, certificateAuthorityPem: caCertificatePem } = place.databases[side];
  return { family: engines[side].family, host, port, database, tlsServerName, caCertificatePem };
}

/** For those who pass the application by. */
export function administeredDatabase(databases: DatabasesPlace, side: Side): AdministeredDatabase {
  return { ...databaseOf(databases, side), administrator: administratorOf(databases.engines[side]) };
}
