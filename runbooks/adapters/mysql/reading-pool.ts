import { setMaxListeners } from 'node:events';
import type { SideName } from '../../../definition/manifest/sections';
import { deniedOn } from '../../ports/failures';
import { Connections } from '../database/connections';
import { Interruption } from '../database/interruption';
import { untilAborted } from '../until-aborted';
import { interruptible, type Client, type Value } from './client';
import type { TextRow } from './engine-text';
import { isDenied, queryInterrupted, serverError, whereMissing } from './sql-error';

/** What may be asked of a session that only reads; `SET` could take that away from it. */
const isReading = /^[\s(]*(select|show|with|explain|describe|desc|checksum table|xa recover)\b/i;

/**
 * Few connections that only read: each statement is its own READ ONLY transaction. Unlike the effects' connection these
 * reconnect.
 */
export class ReadingPool {
  private readonly side: SideName;
  private readonly interrupt: (connectionId: number) => Promise<void>;
  private readonly connections: Connections<Client>;

  constructor(options: {
    side: SideName;
    open: (signal: AbortSignal) => Promise<Client>;
    interrupt: (connectionId: number) => Promise<void>;
    connections: number;
  }) {
    this.side = options.side;
    this.interrupt = options.interrupt;
    this.connections = new Connections({
      open: options.open,
      end: (client) => client.end(),
      onClose: (client, listener) => client.onClose(listener),
      limit: options.connections,
    });
  }

  /** One statement. When the signal ends, the statement is interrupted in the server and the signal's reason thrown. */
  async rows(text: string, values: readonly Value[], signal: AbortSignal): Promise<TextRow[]> {
    if (!isReading.test(text)) throw new Error(`a reading connection is not asked: ${text.trim().slice(0, 60)}`);
    // Many reads share one signal; each takes its listeners away again.
    setMaxListeners(0, signal);
    const client = await this.connections.take(signal);
    const interruption = new Interruption(interruptible(client, this.interrupt), signal);
    const answer = client.query(text, values).finally(async () => {
      await interruption.settled();
      interruption.stop();
    });
    const giveBack = answer.then(
      () => this.giveBack(client, signal.aborted),
      // Where an interruption was on its way the connection is not used again: a late one would hit another statement.
      (error: unknown) => this.giveBack(client, signal.aborted || serverError(error) === undefined),
    );
    try {
      // Whoever aborted does not wait for the server to notice.
      await untilAborted(giveBack, signal);
      return await answer;
    } catch (error) {
      answer.catch(() => undefined);
      if (serverError(error) === queryInterrupted) signal.throwIfAborted();
      throw isDenied(error) ? deniedOn(this.side, error) : error;
    }
  }

  /** The same; no rows where the control databases are still to be made. */
  rowsIfMade(text: string, values: readonly Value[], signal: AbortSignal): Promise<TextRow[]> {
    return whereMissing(this.rows(text, values, signal), []);
  }

  close(): Promise<void> {
    return this.connections.close();
  }

  private giveBack(client: Client, broken: boolean): void {
    // One that may be in the middle of a statement is not asked to say goodbye.
    if (broken) client.destroy();
    this.connections.giveBack(client, broken);
  }
}
