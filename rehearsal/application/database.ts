import { z } from 'zod';

/** Where a database answers. Its certificate must carry `tlsServerName`. */
export const databaseEndpoint = z.strictObject({
  family: z.enum(['mysql', 'postgres']),
  host: z.string(),
  port: z.int(),
  database: z.string(),
  tlsServerName: z.string(),
  caCertificatePem: z.string(),
});
export type DatabaseEndpoint = z.infer<typeof databaseEndpoint>;

export const account = z.strictObject({ username: z.string(), password: z.string() });
export type Account = z.infer<typeof account>;
