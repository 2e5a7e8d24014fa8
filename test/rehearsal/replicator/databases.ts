import { rm } from 'node:fs/promises';
import { Client } from 'pg';
import { createCertificateAuthority } from '../../../rehearsal/engines/certificate-authority';
import { type Engine, startPostgres } from '../../../rehearsal/engines/postgres';
import { chooseAddresses } from '../../../rehearsal/processes/addresses';
import { createRunFolder } from '../../../rehearsal/processes/run-folder';
import type { Connection } from '../../../rehearsal/replicator/messages';

export interface TestDatabases {
  /** As the replication account: no superuser, owns nothing. */
  source: Connection;
  target: Connection;
  engines: { source: Engine; target: Engine };
  /** Superuser sessions. */
  onSource: Client;
  onTarget: Client;
  /** Runs SQL on both sides and lets the replication account write the tables of schema `app`. */
  prepare(sql: string): Promise<void>;
  stop(): Promise<void>;
}

const account = 'cutover_replication';
const password = 'replication-secret';

/** PostgreSQL 15 as the source and 17 as the target, with what the rehearsal grants the replication account. */
export async function startDatabases(): Promise<TestDatabases> {
  const runFolder = createRunFolder();
  const addresses = await chooseAddresses();
  const authority = await createCertificateAuthority();
  const start = async (name: 'source' | 'target', majorVersion: 15 | 17): Promise<Engine> => {
    const issued = await authority.issue([`${name}.databases.test.internal`]);
    const tls = { ...issued, authorityPem: authority.certificatePem };
    return startPostgres({ majorVersion, runFolder, name, ...addresses[name], tls, superuserPassword: 'secret' });
  };
  const engines = await Promise.all([start('source', 15), start('target', 17)]);
  const [source, target] = engines;
  const sessions = await Promise.all(engines.map(openSession));
  const [onSource, onTarget] = sessions as [Client, Client];
  const connection = (engine: Engine, name: string): Connection => ({
    engine: 'postgres',
    host: engine.host,
    port: engine.port,
    database: 'postgres',
    username: account,
    password,
    tlsServerName: `${name}.databases.test.internal`,
    caCertificatePem: authority.certificatePem,
    slotName: 'feed',
    afterConnectScript: "SET session_replication_role = 'replica'",
  });
  for (const session of sessions) {
    await session.query(`CREATE ROLE ${account} LOGIN REPLICATION PASSWORD '${password}';
      GRANT SET ON PARAMETER session_replication_role TO ${account};
      GRANT CREATE ON DATABASE postgres TO ${account}`);
  }
  return {
    source: connection(source, 'source'),
    target: connection(target, 'target'),
    engines: { source, target },
    onSource,
    onTarget,
    async prepare(sql) {
      for (const session of sessions) {
        await session.query(`DROP SCHEMA IF EXISTS app CASCADE; CREATE SCHEMA app; ${sql};
          GRANT USAGE ON SCHEMA app TO ${account};
          GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA app TO ${account}`);
      }
    },
    async stop() {
      await Promise.allSettled(sessions.map((session) => session.end()));
      await Promise.all(engines.map((engine) => engine.stop()));
      await rm(runFolder, { recursive: true, force: true });
    },
  };
}

/** A superuser session; one that ends with its server is not an error of the test. */
export async function openSession(engine: Engine): Promise<Client> {
  const client = new Client(engine.superuser);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
