import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import * as dns from 'dns-packet';
import type { Question } from 'dns-packet';
import { fitting, reply } from './dns-reply';
import type { DnsReply } from './dns-reply';

export interface DnsListener {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Serves one address over UDP and TCP. Rejects when it cannot be bound. */
export async function listenForDns(
  address: { readonly host: string; readonly port: number },
  answer: (question: Question) => DnsReply | Promise<DnsReply>,
): Promise<DnsListener> {
  const { host, port } = address;
  const connections = new Set<Socket>();
  const udp = createSocket('udp4');
  udp.on('message', (message, from) => {
    void reply(message, answer).then((made) => {
      // Closing may have overtaken the answer; a datagram may always be lost.
      if (made !== undefined && !closed) udp.send(fitting(made), from.port, from.address, () => undefined);
    });
  });
  const tcp = createServer((socket) => {
    connections.add(socket);
    socket.on('error', () => undefined).on('close', () => connections.delete(socket));
    socket.setTimeout(10_000, () => socket.destroy());
    let unread: Buffer = Buffer.alloc(0);
    socket.on('data', (data) => {
      unread = Buffer.concat([unread, data]);
      while (unread.length >= 2 && unread.length >= 2 + unread.readUInt16BE(0)) {
        const length = unread.readUInt16BE(0);
        const message = unread.subarray(2, 2 + length);
        unread = unread.subarray(2 + length);
        void reply(message, answer).then((made) => {
          if (made !== undefined && socket.writable) socket.write(dns.streamEncode(made.packet));
        });
      }
    });
  });
  let closed = false;
  await new Promise<void>((resolve, reject) => {
    udp.once('error', reject).bind({ address: host, port }, resolve);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      tcp.once('error', reject).listen(port, host, resolve);
    });
  } catch (error) {
    udp.close();
    throw error;
  }
  return {
    host,
    port,
    close: async () => {
      if (closed) return;
      closed = true;
      for (const socket of connections) socket.destroy();
      await Promise.all([
        new Promise<void>((resolve) => udp.close(resolve)),
        new Promise<void>((resolve) => tcp.close(() => resolve())),
      ]);
    },
  };
}
