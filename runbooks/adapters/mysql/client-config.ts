import { connect } from 'node:net';
import type { ConnectionOptions } from 'mysql2';
import type { Address, Credentials } from '../address';
import { ed25519Login } from './ed25519-login';
import { asText } from './engine-text';

const connectTimeoutMilliseconds = 10_000;
const keepAliveMilliseconds = 10_000;

/** Connection of an account to a side: TLS with certificate and name verified, always. */
export function loginConfig(address: Address, credentials: Credentials, applicationName: string): ConnectionOptions {
  return {
    // The driver takes the name that the certificate must carry from here; what is dialled is `stream`.
    host: address.tlsServerName,
    stream: () =>
      connect({ host: address.host, port: address.port, noDelay: true })
        // Where nothing answers any more a wait ends all the same.
        .setKeepAlive(true, keepAliveMilliseconds),
    database: address.database,
    user: credentials.username,
    password: credentials.password,
    connectTimeout: connectTimeoutMilliseconds,
    charset: 'UTF8MB4_BIN',
    // Affected rows are those that changed; no file of this computer is ever sent to a server that asks for one.
    flags: ['-FOUND_ROWS', '-LOCAL_FILES', '-MULTI_STATEMENTS'],
    connectAttributes: { program_name: applicationName },
    ssl: {
      ca: address.certificateAuthorityPem,
      rejectUnauthorized: true,
      verifyIdentity: true,
      minVersion: 'TLSv1.2',
    },
    authPlugins: { client_ed25519: ed25519Login(credentials.password) },
    typeCast: asText,
    jsonStrings: true,
  };
}
