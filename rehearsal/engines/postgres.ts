import { X509Certificate } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ClientConfig } from 'pg';
import type { Guardian } from '../processes/guardian';
import { writeSecretFile } from '../processes/run-folder';
import { copyPostgresBinaries } from './postgres-binaries';
import type { PostgresMajorVersion } from './postgres-binaries';
import { createCluster } from './postgres-cluster';
import { startPostmaster } from './postmaster';
import { firstName, refuseTakenAddress } from './taken-address';
import type { RunningServer } from './running-server';

export interface PostgresOptions {
  readonly majorVersion: PostgresMajorVersion;
  readonly runFolder: string;
  /** Names the engine's folder and log in the run folder, e.g. `source`. */
  readonly name: string;
  /** A loopback address of its own; the engine listens nowhere else, and on no Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly certificatePem: string; readonly privateKeyPem: string; readonly authorityPem: string };
  /** Added to, or instead of, the rehearsal's own settings (`postgresql.conf`). */
  readonly settings?: Readonly<Record<string, string>>;
  readonly superuserPassword: string;
  /** Told of every process in the instant it exists. */
  readonly guardian?: Guardian;
}

export interface Engine {
  readonly family: 'postgres';
  readonly host: string;
  readonly port: number;
  readonly majorVersion: number;
  /** Of the postmaster; another one after {@link restart}. */
  readonly processId: number;
  readonly logFile: string;
  /** A connection as `postgres` to the database `postgres`, the server's certificate fully verified. */
  readonly superuser: ClientConfig;
  /** Fast shutdown: open transactions are rolled back and sessions ended. Nothing to do when it does not run. */
  stop(): Promise<void>;
  /** Kills every process of the engine at once, as a lost machine would; resolves when they are gone. */
  kill(): Promise<void>;
  /** Starts it again on the same data, stopping it first where it runs. */
  restart(): Promise<void>;
}

/**
 * Creates and starts a PostgreSQL server below the run folder. Throws when its address is taken, its binaries are not
 * installed, or it does not come up; the error then holds the end of its log.
 */
export async function startPostgres(options: PostgresOptions): Promise<Engine> {
  const { majorVersion, runFolder, name, host, port, tls, guardian } = options;
  await refuseTakenAddress(name, host, port);
  const binaries = await copyPostgresBinaries(majorVersion, runFolder);
  const folder = path.join(runFolder, name);
  await mkdir(folder, { mode: 0o755 });
  const dataFolder = await createCluster({ ...options, folder, binaries, settings: options.settings ?? {} });
  const logFile = writeSecretFile(runFolder, `${name}.log`, '');
  const superuser: ClientConfig = {
    host,
    port,
    user: 'postgres',
    password: options.superuserPassword,
    database: 'postgres',
    ssl: { ca: tls.authorityPem, ...serverName(tls.certificatePem, host) },
  };
  const start = (): Promise<RunningServer> =>
    startPostmaster({ name, program: binaries.postgres, dataFolder, logFile, superuser, guardian });
  let postmaster = await start();
  return {
    family: 'postgres',
    host,
    port,
    majorVersion,
    logFile,
    superuser,
    get processId() {
      return postmaster.processId;
    },
    stop: () => postmaster.stop(),
    kill: () => postmaster.kill(),
    restart: async () => {
      await postmaster.stop();
      postmaster = await start();
    },
  };
}

/** The certificate is checked against the address where it names it, else against the first DNS name that it carries. */
function serverName(certificatePem: string, host: string): { servername?: string } {
  if (new X509Certificate(certificatePem).checkIP(host) !== undefined) return {};
  const first = firstName(certificatePem);
  return first === undefined ? {} : { servername: first };
}
