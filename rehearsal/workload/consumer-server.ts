import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Side } from './configuration';

/** Writers that DNS does not move, as those see them who move them. */
export interface Controlled {
  /** Returns when the job in hand is finished and the connection is closed. */
  pause(): Promise<void>;
  resume(side: Side | undefined): void;
  /** True while it is paused, holds no connection and has no job in hand. */
  isQuiet(): boolean;
  describe(): { paused: boolean; side: Side; connected: boolean };
}

interface Request {
  command: 'pause' | 'resume' | 'prove';
  side?: Side;
}

/**
 * Lets `consumer-control.js` reach the consumer over a loopback socket whose address it writes to the control file.
 * Returns how to close it.
 */
export async function serveConsumer(consumer: Controlled, controlFile: string): Promise<() => void> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    createInterface({ input: socket }).on('line', (line) => {
      void answer(consumer, JSON.parse(line) as Request)
        .catch((error: Error) => ({ ok: false, message: error.message }))
        .then((reply) => socket.end(`${JSON.stringify(reply)}\n`));
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { address, port } = server.address() as AddressInfo;
  // Written whole or not at all: a reader never sees half a file.
  writeFileSync(`${controlFile}.new`, JSON.stringify({ host: address, port }));
  renameSync(`${controlFile}.new`, controlFile);
  return () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    rmSync(controlFile, { force: true });
  };
}

async function answer(consumer: Controlled, { command, side }: Request): Promise<{ ok: boolean; message: string }> {
  if (command === 'pause') await consumer.pause();
  if (command === 'resume') consumer.resume(side);
  const state = consumer.describe();
  const message = `consumer ${state.paused ? 'paused' : 'running'}, ${state.connected ? 'connected' : 'not connected'}, side ${state.side}`;
  return { ok: command !== 'prove' || consumer.isQuiet(), message };
}
