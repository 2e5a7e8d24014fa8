import type { Database } from '../../ports/database';
import { UsageError } from '../../ports/failures';
import { addressOf, type ConnectOptions } from '../database/connecting';
import { RememberedSecrets } from '../remembered-secrets';
import { arrivals } from './arrivals';
import { changedKeys } from './changed-keys';
import { Client } from './client';
import { loginConfig } from './client-config';
import { connectionFailure } from './connection-failure';
import { controlState } from './control-state';
import { EffectConnection } from './effect-connection';
import { fitness } from './fitness';
import { flow } from './flow';
import type { MysqlSide } from './mysql-side';
import { ReadingPool } from './reading-pool';
import { sequences } from './sequences';
import { productName, refuseUnfit, serverFacts } from './server-facts';
import { applySettings } from './session-settings';
import { sessions } from './sessions';
import { slots } from './slots';
import { noSuchThread, serverError } from './sql-error';
import { sqlReader } from './sql-reader';
import { analyse } from './statistics';
import { effectName, readingName, runOf, sessionLock } from './tag';
import { writeGate } from './write-gate';

const readingConnections = 3;
const interruptTimeoutMilliseconds = 3000;

/**
 * Connects to one MySQL (5.7 and later) or MariaDB (10.4 and later) side, TLS verified.
 * @throws UsageError when the server cannot be used as declared: unreachable, wrong password, another's certificate,
 * too old, or a reader.
 */
export async function connectMysql(options: ConnectOptions): Promise<Database> {
  const { side: name, manifest, migration, credentials } = options;
  const address = addressOf(options);
  const open = async (programName: string, access: 'read' | 'write', signal: AbortSignal) => {
    let client: Client | undefined;
    try {
      client = await Client.open(loginConfig(address, credentials, programName), signal);
      await applySettings(client, access);
      return client;
    } catch (error) {
      client?.destroy();
      signal.throwIfAborted();
      throw connectionFailure(error, name, address, credentials.username);
    }
  };
  const interrupt = async (connectionId: number) => {
    const client = await open(readingName(migration), 'read', AbortSignal.timeout(interruptTimeoutMilliseconds));
    await client
      .query(`KILL QUERY ${connectionId}`)
      .catch((error: unknown) => {
        // It has ended by itself.
        if (serverError(error) !== noSuchThread) throw error;
      })
      .finally(() => client.end());
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
    interrupt,
    connections: readingConnections,
  });

  try {
    const facts = await serverFacts(reading, options.signal);
    const title = `${name} database (${productName(facts.product)} ${facts.version} at ${address.host}:${address.port})`;
    refuseUnfit(facts, title);
    const effects =
      options.mode === 'plan'
        ? undefined
        : new EffectConnection({
            open: (signal) => open(effectName(migration), 'write', signal),
            interrupt,
            migration,
            title,
            lockName: () => sessionLock(migration, runOf(options.nonces.next())),
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
        product: facts.product,
        version: facts.versionNumber,
        reading,
        login: (programName) => loginConfig(address, credentials, programName),
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

function databaseOf(side: MysqlSide, reading: ReadingPool): Database {
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
