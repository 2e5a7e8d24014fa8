import type { Manifest, SideName } from '../../../definition/manifest/sections';
import type { Clock, Nonces } from '../../ports/clock';
import type { Address, Credentials } from '../address';

/** What a side is connected with, whatever its engine. */
export interface ConnectOptions {
  readonly side: SideName;
  readonly manifest: Manifest;
  readonly migration: string;
  /** `plan` has reading connections only: every effect throws. */
  readonly mode: 'plan' | 'execute';
  /** Of the runbook's own account. */
  readonly credentials: Credentials;
  /** Credentials of a declared account, for the proofs made with them. */
  readonly loginSecret: (secretId: string) => Promise<Credentials>;
  readonly certificateAuthorityPem: string;
  readonly clock: Clock;
  readonly nonces: Nonces;
  /** Ends the connecting; what is done later takes signals of its own. */
  readonly signal: AbortSignal;
}

export function addressOf({ side, manifest, certificateAuthorityPem }: ConnectOptions): Address {
  const { host, port, database, tlsServerName } = manifest.databases[side];
  return { host, port, database, tlsServerName, certificateAuthorityPem };
}
