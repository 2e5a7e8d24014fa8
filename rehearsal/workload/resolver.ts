import { createSocket, type Socket } from 'node:dgram';
import { decode, encode, type Answer } from 'dns-packet';

/** What a record's name leads to: where to connect, and the name that the server must prove to be. */
export interface Endpoint {
  address: string;
  /** The name that the record's CNAME points to: a database's certificate carries it, never the record's name. */
  tlsServerName: string;
}

/** Asks one name server over UDP, every time anew: how long an answer may be used is the caching resolver's affair. */
export class Resolver {
  private readonly host: string;
  private readonly port: number;
  private readonly socket: Socket;
  private readonly waiting = new Map<number, (answers: Answer[]) => void>();
  private nextId = 1;

  /** @param server ip:port */
  constructor(server: string) {
    const [host, port] = server.split(':') as [string, string];
    this.host = host;
    this.port = Number(port);
    this.socket = createSocket('udp4');
    this.socket.on('message', (message) => this.receive(message));
    this.socket.on('error', () => undefined);
    this.socket.unref();
  }

  /** Throws when no usable answer comes in time. */
  async resolve(name: string, timeoutMilliseconds = 400): Promise<Endpoint> {
    return endpointIn(await this.ask(name, timeoutMilliseconds), name);
  }

  /** The answer section as it came. */
  async ask(name: string, timeoutMilliseconds: number, type: 'A' | 'CNAME' = 'A'): Promise<Answer[]> {
    const id = (this.nextId = (this.nextId % 65_535) + 1);
    const query = encode({ type: 'query', id, flags: 256, questions: [{ type, name }] });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(new Error(`${this.host}:${this.port} did not answer for ${name} in ${timeoutMilliseconds} ms.`));
      }, timeoutMilliseconds);
      this.waiting.set(id, (answers) => {
        clearTimeout(timer);
        resolve(answers);
      });
      this.socket.send(query, this.port, this.host);
    });
  }

  close(): void {
    this.socket.close();
  }

  private receive(message: Buffer): void {
    try {
      const packet = decode(message);
      const settle = this.waiting.get(packet.id ?? 0);
      this.waiting.delete(packet.id ?? 0);
      settle?.(packet.answers ?? []);
    } catch {
      // A packet that cannot be read is no answer: the question runs into its timeout.
    }
  }
}

/** Follows the CNAMEs of an answer to an address. Throws when the chain ends without one. */
export function endpointIn(answers: Answer[], name: string): Endpoint {
  const aliases = new Map<string, string>();
  const addresses = new Map<string, string>();
  for (const answer of answers) {
    if (answer.type === 'CNAME') aliases.set(plain(answer.name), plain(answer.data));
    if (answer.type === 'A') addresses.set(plain(answer.name), answer.data);
  }
  const tlsServerName = aliases.get(plain(name)) ?? plain(name);
  let at = plain(name);
  for (let hops = 0; hops < 8 && aliases.has(at); hops++) at = aliases.get(at) as string;
  const address = addresses.get(at);
  if (address === undefined) throw new Error(`The answer for ${name} holds no address (${answers.length} records).`);
  return { address, tlsServerName };
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
