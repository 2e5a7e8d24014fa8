import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { account, databaseEndpoint } from '../application/database';
import { neutralTable } from '../application/model/neutral-table';

const socketAddress = z.string().regex(/^[0-9.]+:[0-9]+$/, 'an address is written as ip:port');

/** A side as those see it who pass the application by: observers, probes and the worker. */
const databaseSide = databaseEndpoint.extend({ administrator: account });

const configuration = z.strictObject({
  /** The caching resolver that every client asks, for each new connection. */
  resolver: socketAddress,
  records: z.strictObject({ write: z.string(), read: z.string() }),
  /** The stacks' port: the same on both sides, since DNS carries none. */
  port: z.int(),
  /** Addresses of the two stacks. */
  stacks: z.strictObject({ source: z.string(), target: z.string() }),
  databases: z.strictObject({ source: databaseSide, target: databaseSide }),
  accounts: z.strictObject({
    write: z.array(account).min(1),
    read: z.array(account).default([]),
    consumer: account.optional(),
  }),
  tables: z.array(neutralTable),
  clients: z.int().min(1),
  /** Write transactions per second of all clients together. */
  writesPerSecond: z.number().positive(),
  ledgerFile: z.string(),
  scenarioFolder: z.string(),
  seed: z.int(),
  observer: z.strictObject({
    sampleMilliseconds: z.number().min(5).default(40),
    /** Authoritative name servers whose answers for the write record are sampled, as ip:port. */
    nameServers: z.array(socketAddress).default([]),
    /** Direct probes that ignore DNS can be left out where a test has only one side. */
    probes: z.boolean().default(true),
  }),
  /** The workers that DNS does not move, one beside each stack, and the file that says where their control socket listens. */
  consumer: z
    .strictObject({ controlFile: z.string(), side: z.enum(['source', 'target']).default('source') })
    .optional(),
});

/** What the process of the HTTP clients is told, as the JSON file that is its only argument. */
export type ApplicationWorkloadConfiguration = z.infer<typeof configuration>;
export type ApplicationWorkloadConfigurationFile = z.input<typeof configuration>;

/** Reads and checks the file; throws with the path of each wrong value. */
export function readApplicationWorkloadConfiguration(path: string): ApplicationWorkloadConfiguration {
  const parsed = configuration.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`${path} is not the configuration of an application's clients:\n${z.prettifyError(parsed.error)}`);
}
