import * as dns from 'dns-packet';
import type { DecodedPacket, OptAnswer, Packet, Question } from 'dns-packet';
import { responseCode } from './response-code';
import type { ResponseCode } from './response-code';

/** What a server says to a question; identifier, question and flags of the header are added here. */
export interface DnsReply {
  readonly code: ResponseCode;
  readonly authoritative?: boolean;
  readonly recursionAvailable?: boolean;
  readonly answers?: Packet['answers'];
  readonly authorities?: Packet['authorities'];
}

export interface Outgoing {
  readonly packet: Packet;
  /** What the asker takes in one datagram. */
  readonly roomBytes: number;
}

/** RFC 1035, section 4.2.1: what a UDP message holds without EDNS. */
const plainUdpBytes = 512;
const largestUdpBytes = 4096;

/** Undefined for what is no query at all: answering it could make two servers talk for ever. */
export async function reply(
  message: Buffer,
  answer: (question: Question) => DnsReply | Promise<DnsReply>,
): Promise<Outgoing | undefined> {
  if (message.length < 12 || (message.readUInt8(2) & 0x80) !== 0) return undefined;
  const id = message.readUInt16BE(0);
  const failure = (code: ResponseCode): Outgoing => ({
    packet: { type: 'response', id, flags: code },
    roomBytes: plainUdpBytes,
  });
  let query: DecodedPacket;
  try {
    query = dns.decode(message);
  } catch {
    return failure(responseCode.formatError);
  }
  const question = query.questions?.[0];
  if ((message.readUInt8(2) & 0x78) !== 0) return failure(responseCode.notImplemented);
  if (question === undefined) return failure(responseCode.formatError);
  const said = await attempt(() => answer(question));
  const options = query.additionals?.find((extra): extra is OptAnswer => extra.type === 'OPT');
  const packet: Packet = {
    type: 'response',
    id,
    flags:
      said.code |
      (said.authoritative === true ? dns.AUTHORITATIVE_ANSWER : 0) |
      (said.recursionAvailable === true ? dns.RECURSION_AVAILABLE : 0) |
      (query.flag_rd ? dns.RECURSION_DESIRED : 0),
    questions: [question],
    answers: said.answers ?? [],
    authorities: said.authorities ?? [],
    additionals: options === undefined ? [] : [{ ...options, udpPayloadSize: largestUdpBytes, options: [] }],
  };
  const asked = options?.udpPayloadSize ?? plainUdpBytes;
  return { packet, roomBytes: Math.min(Math.max(asked, plainUdpBytes), largestUdpBytes) };
}

/** A server that cannot answer says so, and goes on serving. */
async function attempt(answer: () => DnsReply | Promise<DnsReply>): Promise<DnsReply> {
  try {
    return await answer();
  } catch {
    return { code: responseCode.serverFailure };
  }
}

/** What does not fit into the asker's datagram is sent empty, marked as truncated: the asker comes back over TCP. */
export function fitting({ packet, roomBytes }: Outgoing): Buffer {
  const whole = dns.encode(packet);
  if (whole.length <= roomBytes) return whole;
  const flags = (packet.flags ?? 0) | dns.TRUNCATED_RESPONSE;
  return dns.encode({ ...packet, flags, answers: [], authorities: [] });
}
