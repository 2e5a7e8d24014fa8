import { Client, type ClientConfig } from 'pg';
import type { Interruptible } from '../database/interruption';

/**
 * Opens one connection; gives up when the signal ends.
 * @throws the driver's error, or the signal's reason.
 */
export async function openClient(config: ClientConfig, signal: AbortSignal): Promise<Client> {
  signal.throwIfAborted();
  const client = new Client(config);
  // A connection that dies while idle shows in the next statement; without a listener it would end the process.
  client.on('error', () => undefined);
  const abort = () => void client.connection.stream.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await client.connect();
    signal.throwIfAborted();
    return client;
  } catch (error) {
    client.connection.stream.destroy();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Process id of the session's backend, as the server announced it. */
const backendPid = (client: Client): number => (client as unknown as { processID: number }).processID;

export const interruptible = (client: Client, cancel: (pid: number) => Promise<void>): Interruptible => ({
  interrupt: () => cancel(backendPid(client)),
  destroy: () => void client.connection.stream.destroy(),
});
