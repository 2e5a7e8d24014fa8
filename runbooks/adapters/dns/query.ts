import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import {
  decode,
  encode,
  RECURSION_DESIRED,
  streamDecode,
  streamEncode,
  TRUNCATED_RESPONSE,
  type Packet,
} from 'dns-packet';
import type { SocketAddress } from './socket-address';

export interface Question {
  readonly name: string;
  readonly type: 'A';
  /** A resolver is asked to follow; an authoritative server answers for itself. */
  readonly recursive: boolean;
}

/** A decoded packet, however it came. */
export type Answer = Pick<Packet, 'id' | 'type' | 'flags' | 'questions' | 'answers'>;

const answers = (packet: Packet, answer: Answer): boolean =>
  answer.id === packet.id &&
  answer.type === 'response' &&
  answer.questions?.[0]?.name.toLowerCase() === packet.questions?.[0]?.name.toLowerCase();

/** One datagram back for those sent; anything that is not the answer is passed over. */
const overUdp = (
  server: SocketAddress,
  packet: Packet,
  resendMilliseconds: number,
  signal: AbortSignal,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(server.host) ? 'udp6' : 'udp4');
    let resending: NodeJS.Timeout | undefined;
    const end = (settle: () => void) => {
      clearInterval(resending);
      signal.removeEventListener('abort', onAbort);
      socket.close();
      settle();
    };
    const onAbort = () => end(() => reject(signal.reason as Error));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort);
    socket.on('error', (error) => end(() => reject(error)));
    socket.on('message', (bytes) => {
      let answer: Answer;
      try {
        answer = decode(bytes);
      } catch {
        return;
      }
      if (answers(packet, answer)) end(() => resolve(answer));
    });
    // Connected, so that a closed port is known at once and no one else can answer.
    socket.connect(server.port, server.host, () => {
      socket.send(encode(packet));
      resending = setInterval(() => socket.send(encode(packet)), resendMilliseconds);
    });
  });

/** For answers that do not fit into a datagram. */
const overTcp = (server: SocketAddress, packet: Packet, signal: AbortSignal): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: server.host, port: server.port });
    const chunks: Buffer[] = [];
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      settle();
    };
    const onAbort = () => end(() => reject(signal.reason as Error));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort);
    socket.on('error', (error) => end(() => reject(error)));
    socket.on('end', () => end(() => reject(new Error('the name server closed the connection'))));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      if (bytes.length < 2 || bytes.length < bytes.readUInt16BE(0) + 2) return;
      try {
        const answer = streamDecode(bytes);
        end(() => resolve(answer));
      } catch (cause) {
        end(() => reject(new Error('the name server sent what is no answer', { cause })));
      }
    });
    socket.write(streamEncode(packet));
  });

const truncated = (answer: Answer): boolean => ((answer.flags ?? 0) & TRUNCATED_RESPONSE) !== 0;

/**
 * Asks one name server, over TCP where the answer was truncated.
 * @param patience datagrams get lost: the question is sent again while its answer is still waited for
 * @throws Error when nobody listens there or nothing comes in time; or the signal's reason
 */
export async function query(
  server: SocketAddress,
  question: Question,
  patience: { resendMilliseconds: number; giveUpMilliseconds: number },
  signal: AbortSignal,
): Promise<Answer> {
  const packet: Packet = {
    type: 'query',
    id: randomInt(1, 65_536),
    flags: question.recursive ? RECURSION_DESIRED : 0,
    questions: [{ type: question.type, name: question.name }],
  };
  const short = AbortSignal.any([signal, AbortSignal.timeout(patience.giveUpMilliseconds)]);
  try {
    const answer = await overUdp(server, packet, patience.resendMilliseconds, short);
    return truncated(answer) ? await overTcp(server, packet, short) : answer;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
