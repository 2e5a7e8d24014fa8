import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { account, databaseEndpoint } from './database';
import { neutralTable } from './model/neutral-table';

const configuration = z.strictObject({
  /** For people and logs, e.g. `orders-source`. */
  name: z.string(),
  /** The side that its database is. */
  side: z.enum(['source', 'target']),
  listen: z.strictObject({ host: z.string(), port: z.int() }),
  database: databaseEndpoint,
  accounts: z.strictObject({ write: z.array(account).min(1), read: z.array(account).default([]) }),
  /** Most connections of each account. */
  connectionsPerAccount: z.int().min(1).default(8),
  tables: z.array(neutralTable),
});

/** What one stack of the application is told, as the JSON file that is its only argument. */
export type ApplicationConfiguration = z.infer<typeof configuration>;
export type ApplicationConfigurationFile = z.input<typeof configuration>;

/** Reads and checks the file; throws with the path of each wrong value. */
export function readApplicationConfiguration(path: string): ApplicationConfiguration {
  const parsed = configuration.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`${path} is not the configuration of an application:\n${z.prettifyError(parsed.error)}`);
}
