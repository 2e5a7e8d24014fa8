import type { Client } from 'pg';
import type { Connection } from '../../messages';
import { connectPostgres } from '../../postgres/connection';
import { formatLsn, parseLsn } from '../../postgres/lsn';
import { quoteIdentifier } from '../../postgres/quoting';
import type { ChangeStream, StreamTarget } from '../change-source';
import { TransactionAssembler } from './transaction-assembler';

const xLogData = 0x77; // 'w'
const keepalive = 0x6b; // 'k'
const statusIntervalMilliseconds = 1_000;
/** PostgreSQL counts microseconds since 2000-01-01. */
const epochOffsetMilliseconds = 946_684_800_000;

/** What pg's connection offers for replication, beyond its published types. */
interface ReplicationWire {
  on(event: 'copyData', listener: (message: { chunk: Buffer }) => void): void;
  once(event: 'replicationStart', listener: () => void): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  stream: { pause(): void; resume(): void; destroy(): void };
}

/**
 * Streams a logical slot (PostgreSQL's "Streaming Replication Protocol"). The flush position is confirmed only as far
 * as `confirm` said: what the slot forgets must be durable on the target.
 */
export class ReplicationStream implements ChangeStream {
  private readonly client: Client;
  private readonly wire: ReplicationWire;
  private readonly assembler: TransactionAssembler;
  private readonly into: StreamTarget;
  private received: bigint;
  private confirmed: bigint;
  private closing = false;
  private timer: NodeJS.Timeout | undefined;
  /** The streaming command itself: it completes when the server has let go of the slot. */
  private ended: Promise<unknown> = Promise.resolve();

  private constructor(client: Client, position: string, into: StreamTarget) {
    this.client = client;
    this.wire = (client as unknown as { connection: ReplicationWire }).connection;
    this.assembler = new TransactionAssembler(into);
    this.into = into;
    this.received = this.confirmed = parseLsn(position);
  }

  /** Starts to stream at `position`. Throws the server's error, for example when the slot is in use. */
  static async open(
    source: Connection,
    slot: string,
    position: string,
    into: StreamTarget,
  ): Promise<ReplicationStream> {
    const client = await connectPostgres(source, `slot ${slot}`, { role: 'source', replication: true });
    const stream = new ReplicationStream(client, position, into);
    try {
      await stream.start(slot, position);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    return stream;
  }

  private async start(slot: string, position: string): Promise<void> {
    const options = `"include-xids" '1', "skip-empty-xacts" '1', "include-timestamp" '1'`;
    this.wire.on('copyData', ({ chunk }) => this.guard(() => this.data(chunk)));
    const started = new Promise<void>((resolve) => this.wire.once('replicationStart', resolve));
    this.ended = this.client.query(`START_REPLICATION SLOT ${quoteIdentifier(slot)} LOGICAL ${position} (${options})`);
    this.ended.then(
      () => this.lost(new Error('the source ended the replication stream')),
      (error: Error) => this.lost(error),
    );
    this.client.on('end', () => this.lost(new Error('the source closed the replication connection')));
    await Promise.race([started, this.ended]);
    this.timer = setInterval(() => this.sendStatus(), statusIntervalMilliseconds);
  }

  get receivedPosition(): string {
    return formatLsn(this.assembler.midTransaction ? this.confirmed : this.received);
  }

  pause(paused: boolean): void {
    if (paused) this.wire.stream.pause();
    else this.wire.stream.resume();
  }

  confirm(position: string): void {
    this.confirmed = parseLsn(position);
  }

  /** Confirms for the last time and leaves; resolves when the server has let go of the slot. */
  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    clearInterval(this.timer);
    this.wire.stream.resume();
    this.sendStatus();
    this.wire.endCopyFrom();
    const impatience = setTimeout(() => this.wire.stream.destroy(), 5_000);
    await this.ended.catch(() => undefined);
    clearTimeout(impatience);
    await this.client.end().catch(() => undefined);
  }

  private data(chunk: Buffer): void {
    if (this.closing) return;
    if (chunk[0] === xLogData) {
      const position = chunk.readBigUInt64BE(1);
      this.assembler.message(chunk.toString('utf8', 25), position);
      if (!this.assembler.midTransaction && position > this.received) this.received = position;
    } else if (chunk[0] === keepalive) {
      const sent = chunk.readBigUInt64BE(1);
      if (!this.assembler.midTransaction && sent > this.received) this.received = sent;
      if (chunk[17] === 1) this.sendStatus();
    }
  }

  private guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.lost(error as Error);
    }
  }

  private lost(error: Error): void {
    clearInterval(this.timer);
    if (this.closing) return;
    this.into.failed(error);
  }

  /** Standby status update: written, flushed, applied. */
  private sendStatus(): void {
    const message = Buffer.alloc(34);
    message[0] = 0x72; // 'r'
    message.writeBigUInt64BE(this.received, 1);
    message.writeBigUInt64BE(this.confirmed, 9);
    message.writeBigUInt64BE(this.confirmed, 17);
    message.writeBigInt64BE(BigInt(Date.now() - epochOffsetMilliseconds) * 1000n, 25);
    this.wire.sendCopyFromChunk(message);
  }
}
