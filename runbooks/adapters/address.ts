/** Where a side listens and how its certificate is checked. */
export interface Address {
  /** A name or an address; the certificate is never checked against it. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** The name that the server's certificate must carry. */
  readonly tlsServerName: string;
  readonly certificateAuthorityPem: string;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}
