import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { replicatorMessage } from './control-messages';
import type { EndpointMessage, ReplicatorMessage } from './control-messages';

/** The endpoint's side of the connection to the replicator. */
export interface ReplicatorLink {
  readonly connected: boolean;
  /** Answers false when no replicator is connected; nothing is kept for later. */
  send(message: EndpointMessage): boolean;
}

export interface ControlListener {
  onMessage(message: ReplicatorMessage): void;
  onLost(): void;
  /** A line that is not a known message, with the reason. */
  onMalformed(line: string, reason: string): void;
}

/** Listens for the one replicator. A second `hello` takes over: the older connection counts as lost. */
export class ControlServer implements ReplicatorLink {
  private readonly server = createServer((socket) => this.accept(socket));
  private readonly sockets = new Set<Socket>();
  private replicator: Socket | undefined;
  private listener: ControlListener | undefined;

  get connected(): boolean {
    return this.replicator !== undefined;
  }

  async listen(
    address: { host: string; port: number },
    listener: ControlListener,
  ): Promise<{ host: string; port: number }> {
    this.listener = listener;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(address.port, address.host, resolve);
    });
    return { host: address.host, port: (this.server.address() as AddressInfo).port };
  }

  send(message: EndpointMessage): boolean {
    if (this.replicator === undefined) return false;
    this.replicator.write(`${JSON.stringify(message)}\n`);
    return true;
  }

  async close(): Promise<void> {
    this.listener = undefined;
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.lost(socket));
    createInterface({ input: socket }).on('line', (line) => this.receive(socket, line));
  }

  private lost(socket: Socket): void {
    this.sockets.delete(socket);
    if (this.replicator !== socket) return;
    this.replicator = undefined;
    this.listener?.onLost();
  }

  private receive(socket: Socket, line: string): void {
    let message: ReplicatorMessage;
    try {
      message = replicatorMessage.parse(JSON.parse(line));
    } catch (error) {
      this.listener?.onMalformed(line, error instanceof Error ? error.message : String(error));
      return;
    }
    if (message.type === 'hello' && this.replicator !== socket) {
      const older = this.replicator;
      if (older !== undefined) {
        this.lost(older);
        older.destroy();
      }
      this.replicator = socket;
    }
    if (socket === this.replicator) this.listener?.onMessage(message);
  }
}
