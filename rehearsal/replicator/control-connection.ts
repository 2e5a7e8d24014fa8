import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Report } from './messages';

/** The line to the AWS endpoint: NDJSON over TCP. It is opened once; its loss ends the process that holds it. */
export class ControlConnection {
  private readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
  }

  /** Connects and says hello. Throws when nobody listens there. */
  static async open(host: string, port: number): Promise<ControlConnection> {
    const socket = connect({ host, port, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const connection = new ControlConnection(socket);
    connection.send({ type: 'hello' });
    return connection;
  }

  /** Calls `handle` for each message and `ended` once when the line is gone. */
  listen(handle: (message: unknown) => void, ended: () => void): void {
    this.socket.on('error', () => undefined);
    this.socket.once('close', ended);
    createInterface({ input: this.socket }).on('line', (line) => {
      if (line !== '') handle(JSON.parse(line));
    });
  }

  send(report: Report): void {
    if (this.socket.writable) this.socket.write(`${JSON.stringify(report)}\n`);
  }

  close(): void {
    this.socket.end();
  }
}
