import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { EndpointMessage } from '../../../rehearsal/aws-endpoint/control/control-messages';
import type { AwsEndpoint } from '../../../rehearsal/aws-endpoint/endpoint';
import { eventually } from './running-endpoint';

/** The replicator's end of the control connection, said by hand: it tests the endpoint alone. */
export class ScriptedReplicator {
  readonly heard: EndpointMessage[] = [];
  private readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
    createInterface({ input: socket }).on('line', (line) => this.heard.push(JSON.parse(line) as EndpointMessage));
  }

  static async connect(endpoint: AwsEndpoint): Promise<ScriptedReplicator> {
    const socket = connect(endpoint.control);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const replicator = new ScriptedReplicator(socket);
    replicator.say({ type: 'hello' });
    return replicator;
  }

  say(message: object): void {
    this.socket.write(`${JSON.stringify(message)}\n`);
  }

  /** Waits for the next message of a type that was not waited for before. */
  async next<T extends EndpointMessage['type']>(type: T): Promise<Extract<EndpointMessage, { type: T }>> {
    const found = await eventually(
      () => Promise.resolve(this.heard.findIndex((message) => message.type === type)),
      (index) => index >= 0,
    );
    return this.heard.splice(found, 1)[0] as Extract<EndpointMessage, { type: T }>;
  }

  close(): void {
    this.socket.destroy();
  }
}
