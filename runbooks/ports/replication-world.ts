import type { World, WorldRequest } from './world';

/** What AWS alone knows of a migration: enough for the gates that ask no database. */
export type ReplicationWorld = Pick<World, 'manifest' | 'tasks' | 'routing' | 'surroundings' | 'clock' | 'close'>;
export type ConnectReplication = (request: WorldRequest) => Promise<ReplicationWorld>;
