import { setMaxListeners } from 'node:events';
import type { Client } from 'pg';
import type { SideName } from '../../../definition/manifest/sections';
import { deniedOn } from '../../ports/failures';
import { Connections } from '../database/connections';
import { Interruption } from '../database/interruption';
import { untilAborted } from '../until-aborted';
import { interruptible } from './open-client';
import { insufficientPrivilege, queryCancelled, sqlState, whereMissing } from './sql-error';

export type TextRow = Record<string, string | null>;

/** All values stay the engine's text: nothing is lost in JavaScript's numbers and dates. */
const asText = { getTypeParser: () => (value: unknown) => value } as never;

const end = (client: Client): Promise<void> => client.end().catch(() => undefined);

/**
 * Few connections that only read: each statement is its own READ ONLY transaction in a session that is read-only by
 * default. Unlike the effects' connection these reconnect.
 */
export class ReadingPool {
  private readonly side: SideName;
  private readonly cancel: (pid: number) => Promise<void>;
  private readonly connections: Connections<Client>;

  constructor(options: {
    side: SideName;
    open: (signal: AbortSignal) => Promise<Client>;
    cancel: (pid: number) => Promise<void>;
    connections: number;
  }) {
    this.side = options.side;
    this.cancel = options.cancel;
    this.connections = new Connections({
      open: options.open,
      end,
      onClose: (client, listener) => client.once('end', listener),
      limit: options.connections,
    });
  }

  /** One statement. When the signal ends, the statement is cancelled in the server and the signal's reason thrown. */
  async rows(text: string, values: readonly unknown[], signal: AbortSignal): Promise<TextRow[]> {
    // Many reads share one signal; each takes its listeners away again.
    setMaxListeners(0, signal);
    const client = await this.connections.take(signal);
    const interruption = new Interruption(interruptible(client, this.cancel), signal);
    // The extended protocol takes a single statement, so no text can end the transaction and begin another.
    const statement = { text, values: [...values], queryMode: 'extended', types: asText };
    const sent = [client.query('BEGIN READ ONLY'), client.query<TextRow>(statement), client.query('COMMIT')] as const;
    const giveBack = Promise.allSettled(sent).then(async (settled) => {
      await interruption.settled();
      interruption.stop();
      const broken = settled.some((one) => one.status === 'rejected' && sqlState(one.reason) === undefined);
      this.connections.giveBack(client, broken);
      return settled;
    });
    // Whoever aborted does not wait for the server to notice.
    const [, answer] = await untilAborted(giveBack, signal);
    if (answer.status === 'fulfilled') return answer.value.rows;
    if (sqlState(answer.reason) === queryCancelled) signal.throwIfAborted();
    throw sqlState(answer.reason) === insufficientPrivilege ? deniedOn(this.side, answer.reason) : answer.reason;
  }

  /** The same; no rows where the control schema is still to be made. */
  rowsIfMade(text: string, values: readonly unknown[], signal: AbortSignal): Promise<TextRow[]> {
    return whereMissing(this.rows(text, values, signal), []);
  }

  close(): Promise<void> {
    return this.connections.close();
  }
}
