import type { DatabaseEndpoint } from '../database';
import type { ApplicationSession, SessionPurpose } from './application-session';
import { MysqlApplicationSession } from './mysql-application-session';
import { PostgresApplicationSession } from './postgres-application-session';

/** Connects with the server's certificate verified. Throws the driver's error when refused. */
export const openApplicationSession = (
  database: DatabaseEndpoint,
  purpose: SessionPurpose,
): Promise<ApplicationSession> =>
  database.family === 'mysql'
    ? MysqlApplicationSession.open(database, purpose)
    : PostgresApplicationSession.open(database, purpose);
