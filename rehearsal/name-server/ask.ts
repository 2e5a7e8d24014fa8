import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import * as dns from 'dns-packet';
import type { DecodedPacket, Question } from 'dns-packet';

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** Asks one server over UDP, and over TCP when the answer did not fit. Rejects on silence or a broken answer. */
export async function ask(
  server: ServerAddress,
  question: Question,
  timeoutMilliseconds: number,
): Promise<DecodedPacket> {
  const overUdp = await askOverUdp(server, question, timeoutMilliseconds);
  return overUdp.flag_tc ? askOverTcp(server, question, timeoutMilliseconds) : overUdp;
}

export function askOverUdp(server: ServerAddress, question: Question, milliseconds: number): Promise<DecodedPacket> {
  const id = randomInt(65_536);
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    const timer = setTimeout(() => settle(() => reject(silence(server, milliseconds))), milliseconds);
    const settle = (outcome: () => void): void => {
      clearTimeout(timer);
      socket.close();
      outcome();
    };
    socket.once('error', (error) => settle(() => reject(error)));
    socket.on('message', (message) => {
      const packet = decoded(message);
      // What answers another question is not ours; keep waiting.
      if (packet?.id === id && packet.flag_qr) settle(() => resolve(packet));
    });
    // Connected, so that the kernel drops datagrams of others and reports a closed port at once.
    socket.connect(server.port, server.host, () => socket.send(dns.encode(query(id, question))));
  });
}

export function askOverTcp(server: ServerAddress, question: Question, milliseconds: number): Promise<DecodedPacket> {
  const id = randomInt(65_536);
  return new Promise((resolve, reject) => {
    const socket = connect(server);
    let received = Buffer.alloc(0);
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(milliseconds, () => fail(silence(server, milliseconds)));
    socket.once('error', fail).once('end', () => fail(silence(server, milliseconds)));
    socket.on('data', (data) => {
      received = Buffer.concat([received, data]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      const packet = decoded(received.subarray(2));
      socket.destroy();
      if (packet?.id === id) resolve(packet);
      else reject(new Error(`name server ${server.host}:${server.port} gave an answer that is none`));
    });
    socket.write(dns.streamEncode(query(id, question)));
  });
}

function query(id: number, question: Question): dns.Packet {
  return { type: 'query', id, flags: dns.RECURSION_DESIRED, questions: [question] };
}

function decoded(message: Buffer): DecodedPacket | undefined {
  try {
    return dns.decode(message);
  } catch {
    return undefined;
  }
}

function silence({ host, port }: ServerAddress, milliseconds: number): Error {
  return new Error(`name server ${host}:${port} gave no answer within ${milliseconds} ms`);
}
