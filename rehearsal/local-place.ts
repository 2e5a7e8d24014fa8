/** Where a side's database answers, and whom its certificate is from. */
export interface DatabasePlace {
  /** An IP address. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** The name that the server's certificate carries. */
  readonly tlsServerName: string;
  readonly certificateAuthorityPem: string;
}

/** Where everything of one rehearsal stands on this computer. Addresses are ip:port where a port belongs to them. */
export interface LocalPlace {
  /** Where weighted names front the databases, both are on one port: DNS carries none. */
  readonly databases: Readonly<Record<'source' | 'target', DatabasePlace>>;
  /** The application stacks, where the weighted names front those: on addresses of their own, and one port again. */
  readonly stacks: Readonly<Record<'source' | 'target', { readonly host: string; readonly port: number }>>;
  readonly endpoint: { readonly host: string; readonly port: number };
  readonly control: { readonly host: string; readonly port: number };
  readonly nameServers: readonly { readonly host: string; readonly port: number }[];
  readonly resolver: { readonly host: string; readonly port: number };
  readonly consumerControlFile: string;
}

export const rehearsalEnvironmentName = 'rehearsal';
export const rehearsalAccount = '000000000000';
export const rehearsalRegion = 'eu-central-1';
export const rehearsalZone = 'rehearsal.internal';
export const rehearsalZoneId = 'Z0REHEARSAL';

export const databaseName = (migration: string, side: 'source' | 'target'): string =>
  `${migration}-${side}.databases.${rehearsalZone}`;
export const writeName = (migration: string): string => `${migration}-db.${rehearsalZone}`;
export const readName = (migration: string): string => `${migration}-db-read.${rehearsalZone}`;
/** Where the application stack of a side answers. */
export const stackName = (migration: string, side: 'source' | 'target'): string =>
  `${migration}-${side}.applications.${rehearsalZone}`;
export const addressOf = ({ host, port }: { host: string; port: number }): string => `${host}:${port}`;
