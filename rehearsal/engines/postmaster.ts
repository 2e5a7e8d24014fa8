import { Client } from 'pg';
import type { ClientConfig } from 'pg';
import type { Guardian } from '../processes/guardian';
import { startServer, type RunningServer } from './running-server';

export interface PostmasterOptions {
  readonly name: string;
  readonly program: string;
  readonly dataFolder: string;
  readonly logFile: string;
  readonly superuser: ClientConfig;
  readonly guardian?: Guardian;
}

/** Runs PostgreSQL's server and returns when a verified connection succeeds. */
export function startPostmaster(options: PostmasterOptions): Promise<RunningServer> {
  const { name, program, dataFolder, logFile, superuser, guardian } = options;
  return startServer({
    name,
    program,
    arguments: ['-D', dataFolder],
    logFile,
    // SIGINT: fast shutdown. SIGQUIT: immediate, where a session or a WAL sender holds the fast one up. (postgres, "Shutting Down the Server")
    stopSignals: ['SIGINT', 'SIGQUIT'],
    manner: 'fast-shutdown',
    tryConnect: () => tryConnect(superuser),
    guardian,
  });
}

async function tryConnect(config: ClientConfig): Promise<string | undefined> {
  const client = new Client({ ...config, connectionTimeoutMillis: 5_000, application_name: 'rehearsal' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
