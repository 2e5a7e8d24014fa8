import type { Database } from '../../ports/database';
import { UsageError } from '../../ports/failures';
import { addressOf, type ConnectOptions } from '../database/connecting';
import { RememberedSecrets } from '../remembered-secrets';
import { analyse } from './analyse';
import { arrivals } from './arrivals';
import { changedKeys } from './changed-keys';
import { runbookConfig } from './client-config';
import { connectionFailure } from './connection-failure';
import { controlState } from './control-state';
import { EffectConnection } from './effect-connection';
import { fitness } from './fitness';
import { flow } from './flow';
import { openClient } from './open-client';
import type { PostgresSide } from './postgres-side';
import { ReadingPool } from './reading-pool';
import { sequences } from './sequences';
import { refuseUnfit, serverFacts } from './server-facts';
import { sessions } from './sessions';
import { slots } from './slots';
import { sqlReader } from './sql-reader';
import { effectTag, readingName, unadoptedName } from './tag';
import { writeGate } from './write-gate';

const readingConnections = 3;
const cancelTimeoutMilliseconds = 3000;

/** Limits of a role or database that not every version knows, so that they cannot stand among the start-up options. */
const withoutLimits = `SELECT set_config(limits.name, '0', false)
  FROM (VALUES ('idle_session_timeout'), ('transaction_timeout')) limits (name)
  WHERE current_setting(limits.name, true) IS NOT NULL`;

/**
 * Connects to one PostgreSQL side (13 and later), TLS verified.
 * @throws UsageError when the server cannot be used as declared: unreachable, wrong password, another's certificate,
 * too old, or a reader.
 */
export async function connectPostgres(options: ConnectOptions): Promise<Database> {
  const { side: name, manifest, migration, credentials } = options;
  const address = addressOf(options);
  const open = async (applicationName: string, access: 'read' | 'write', signal: AbortSignal) => {
    try {
      const client = await openClient(runbookConfig(address, credentials, applicationName, access), signal);
      await client.query(withoutLimits);
      return client;
    } catch (error) {
      signal.throwIfAborted();
      throw connectionFailure(error, name, address, credentials.username);
    }
  };
  const cancel = async (pid: number) => {
    const client = await open(readingName(migration), 'read', AbortSignal.timeout(cancelTimeoutMilliseconds));
    await client.query('SELECT pg_cancel_backend($1)', [pid]).finally(() => client.end());
  };
  let connected = false;
  const reading = new ReadingPool({
    side: name,
    open: async (signal) => {
      try {
        return await open(readingName(migration), 'read', signal);
      } catch (error) {
        // Once it has worked, a failure is no longer one of usage.
        throw connected && error instanceof UsageError ? new Error(error.message, { cause: error }) : error;
      }
    },
    cancel,
    connections: readingConnections,
  });

  try {
    const facts = await serverFacts(reading, options.signal);
    const title = `${name} database (PostgreSQL ${facts.version} at ${address.host}:${address.port})`;
    refuseUnfit(facts, title);
    const run = options.nonces.next();
    const effects =
      options.mode === 'plan'
        ? undefined
        : new EffectConnection({
            open: (signal) => open(unadoptedName(migration), 'write', signal),
            cancel,
            migration,
            title,
            tag: (epoch) => effectTag(migration, epoch, run),
          });
    await effects?.connect(options.signal);
    connected = true;
    return databaseOf(
      {
        side: name,
        manifest,
        migration,
        title,
        address,
        account: facts.account,
        version: facts.versionNumber,
        reading,
        effects,
        secrets: new RememberedSecrets(options.loginSecret),
        clock: options.clock,
        nonces: options.nonces,
      },
      reading,
    );
  } catch (error) {
    await reading.close();
    throw error;
  }
}

function databaseOf(side: PostgresSide, reading: ReadingPool): Database {
  return {
    side: side.side,
    title: side.title,
    gate: writeGate(side),
    sessions: sessions(side),
    flow: flow(side),
    arrivals: arrivals(side),
    control: controlState(side),
    sequences: sequences(side),
    slots: slots(side),
    fitness: fitness(side),
    reader: sqlReader(side),
    changedKeys: changedKeys(side),
    analyse: () => analyse(side),
    adopt: async (epoch, signal) => {
      if (!side.effects) throw new Error('a plan adopts no epoch');
      await side.effects.adopt(epoch, signal);
    },
    close: async () => {
      await Promise.all([side.effects?.close(), reading.close()]);
    },
  };
}
