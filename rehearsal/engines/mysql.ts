import { randomInt } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { createConnection, type ConnectionOptions } from 'mysql2/promise';
import type { Guardian } from '../processes/guardian';
import { writeSecretFile } from '../processes/run-folder';
import { findMysqlServer, type MysqlProduct } from './mysql-binaries';
import { createDataFolder } from './mysql-data-folder';
import { mysqlArguments } from './mysql-settings';
import { startServer, type RunningServer } from './running-server';
import { firstName, refuseTakenAddress } from './taken-address';

export interface MysqlOptions {
  /** A server's program, or the folder that it was unpacked to; without it what is on the PATH. */
  readonly server?: string;
  readonly runFolder: string;
  /** Names the engine's folder and log in the run folder, e.g. `source`. */
  readonly name: string;
  /** A loopback address of its own; the engine listens nowhere else, but for a socket in its data folder. */
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly certificatePem: string; readonly privateKeyPem: string; readonly authorityPem: string };
  /** Added to, or instead of, the rehearsal's own settings (server options, without the leading dashes). */
  readonly settings?: Readonly<Record<string, string>>;
  readonly rootPassword: string;
  /** Told of every process in the instant it exists. */
  readonly guardian?: Guardian;
}

export interface MysqlEngine {
  readonly family: 'mysql';
  readonly product: MysqlProduct;
  /** `10.11.19`, `9.7.4`. */
  readonly version: string;
  readonly host: string;
  readonly port: number;
  /** Of the server; another one after {@link restart}. */
  readonly processId: number;
  readonly logFile: string;
  /** A connection as `root`, the server's certificate fully verified; add `database` where one is wanted. */
  readonly administrator: ConnectionOptions;
  /** Orderly shutdown: open transactions are rolled back and sessions ended. Nothing to do when it does not run. */
  stop(): Promise<void>;
  /** Kills the server at once, as a lost machine would; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same data, stopping it first where it runs. */
  restart(): Promise<void>;
}

/**
 * Creates and starts a MySQL or MariaDB server below the run folder. Throws {@link NoMysqlServer} when there is none on
 * this computer; an Error when its address is taken or it does not come up, which then holds the end of its log.
 */
export async function startMysql(options: MysqlOptions): Promise<MysqlEngine> {
  const { runFolder, name, host, port, tls, rootPassword, guardian } = options;
  const binaries = await findMysqlServer(options.server);
  await refuseTakenAddress(name, host, port);
  const folder = path.join(runFolder, name);
  await mkdir(folder, { mode: 0o755 });
  const folders = await createDataFolder({ folder, binaries, tls, rootPassword, guardian });
  const logFile = writeSecretFile(runFolder, `${name}.log`, '');
  const administrator = mysqlLogin({
    ...{ host, port, tlsServerName: firstName(tls.certificatePem) ?? host, authorityPem: tls.authorityPem },
    ...{ user: 'root', password: rootPassword },
  });
  const serverArguments = mysqlArguments(
    folders,
    { host, port, serverId: randomInt(1, 2 ** 31) },
    options.settings ?? {},
  );
  const start = (...more: string[]): Promise<RunningServer> =>
    startServer({
      name,
      program: binaries.server,
      arguments: [...serverArguments, ...more],
      logFile,
      stopSignals: ['SIGTERM'],
      manner: 'terminate',
      tryConnect: () => tryConnect(administrator),
      guardian,
    });
  let server = await start(`--init-file=${folders.firstStatements}`);
  await rm(folders.firstStatements);
  return {
    family: 'mysql',
    product: binaries.product,
    version: binaries.version,
    host,
    port,
    logFile,
    administrator,
    get processId() {
      return server.processId;
    },
    stop: () => server.stop(),
    kill: () => server.kill(),
    restart: async () => {
      await server.stop();
      server = await start();
    },
  };
}

export interface MysqlLogin {
  /** Where it listens. */
  readonly host: string;
  readonly port: number;
  /** The name that its certificate must carry. */
  readonly tlsServerName: string;
  readonly authorityPem: string;
  readonly user: string;
  readonly password: string;
}

/**
 * A connection whose certificate is verified. The driver checks it against `host` and has no other setting for the name:
 * so the name stands there, and the socket goes to the address.
 */
export const mysqlLogin = ({
  host,
  port,
  tlsServerName,
  authorityPem,
  user,
  password,
}: MysqlLogin): ConnectionOptions => ({
  host: tlsServerName,
  port,
  stream: () => connect({ host, port, noDelay: true }),
  user,
  password,
  ssl: { ca: authorityPem, verifyIdentity: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
  charset: 'utf8mb4_bin',
  timezone: 'Z',
  dateStrings: true,
  supportBigNumbers: true,
  bigNumberStrings: true,
});

/** Why a connection does not succeed yet; undefined when it does. */
async function tryConnect(options: ConnectionOptions): Promise<string | undefined> {
  try {
    const connection = await createConnection({ ...options, connectTimeout: 5_000 });
    connection.on('error', () => undefined);
    await connection.query('SELECT 1').finally(() => connection.end());
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
