import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

type Message = { type: string; taskArn?: string; status?: string } & Record<string, unknown>;

/** The endpoint's side of the control connection, for tests: remembers what the replicator said and waits for more. */
export class ControlServer {
  readonly messages: Message[] = [];
  private readonly server: Server;
  private socket: Socket | undefined;
  private waiting: (() => void)[] = [];

  private constructor() {
    this.server = createServer((socket) => {
      this.socket = socket;
      socket.on('error', () => undefined);
      createInterface({ input: socket }).on('line', (line) => {
        this.messages.push(JSON.parse(line) as Message);
        for (const wake of this.waiting.splice(0)) wake();
      });
    });
  }

  static async listen(): Promise<ControlServer> {
    const control = new ControlServer();
    await new Promise<void>((resolve) => control.server.listen(0, '127.0.0.1', resolve));
    return control;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  send(message: unknown): void {
    this.socket?.write(`${JSON.stringify(message)}\n`);
  }

  /** The next message from number `from` on that fits; fails with what was said instead. */
  async until(fits: (message: Message) => boolean, what: string, from = 0, seconds = 60): Promise<Message> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const found = this.messages.slice(from).find(fits);
      if (found) return found;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`no ${what}; the last messages were ${JSON.stringify(this.messages.slice(-5))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  status(taskArn: string, status: string, from = 0): Promise<Message> {
    return this.until(
      (m) => m.type === 'status' && m.taskArn === taskArn && m.status === status,
      `status ${status}`,
      from,
    );
  }

  async close(): Promise<void> {
    this.socket?.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
