import { readFileSync } from 'node:fs';
import { z } from 'zod';

const account = z.strictObject({ username: z.string(), password: z.string() });
const databaseSide = z.strictObject({ host: z.string(), tlsServerName: z.string() });
const socketAddress = z.string().regex(/^[0-9.]+:[0-9]+$/, 'an address is written as ip:port');

const configuration = z.strictObject({
  /** The caching resolver that every client asks, for each new connection. */
  resolver: socketAddress,
  records: z.strictObject({ write: z.string(), read: z.string() }),
  /** The databases' port: the same on both sides, since DNS carries none. */
  port: z.int(),
  database: z.string(),
  accounts: z.strictObject({
    write: z.array(account).min(1),
    read: z.array(account).default([]),
    consumer: account.optional(),
  }),
  tls: z.strictObject({ caCertificatePem: z.string() }),
  clients: z.int().min(1),
  /** Write transactions per second of all clients together. */
  writesPerSecond: z.number().positive(),
  ledgerFile: z.string(),
  scenarioFolder: z.string(),
  seed: z.int(),
  observer: z.strictObject({
    source: databaseSide,
    target: databaseSide,
    superuser: account,
    sampleMilliseconds: z.number().min(5).default(40),
    /** Authoritative name servers whose answers for the write record are sampled, as ip:port. */
    nameServers: z.array(socketAddress).default([]),
    /** Direct probes that ignore DNS can be left out where a test has only one side. */
    probes: z.boolean().default(true),
  }),
  /** The writer that DNS does not move, and the file in which it says where its control socket listens. */
  consumer: z
    .strictObject({ controlFile: z.string(), side: z.enum(['source', 'target']).default('source') })
    .optional(),
});

/** What one workload process is told, as the JSON file that is its only argument. */
export type WorkloadConfiguration = z.infer<typeof configuration>;
export type WorkloadConfigurationFile = z.input<typeof configuration>;
export type Account = z.infer<typeof account>;
export type Side = 'source' | 'target';

/** Reads and checks the file; throws with the path of each wrong value. */
export function readConfiguration(path: string): WorkloadConfiguration {
  const parsed = configuration.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`${path} is not a workload configuration:\n${z.prettifyError(parsed.error)}`);
}

/** Which side a connection's address belongs to. Throws for an address of neither: DNS answered with a stranger. */
export function sideOf(address: string, observer: WorkloadConfiguration['observer']): Side {
  if (address === observer.source.host) return 'source';
  if (address === observer.target.host) return 'target';
  throw new Error(`${address} is the address of neither ${observer.source.host} (source) nor ${observer.target.host}.`);
}
