import type { Clock, Nonces } from '../../ports/clock';
import { StaleEpochError } from '../../ports/failures';
import type { LockAttempt, LockReading, MigrationLock } from '../../ports/lock';
import { lockKey, parseLock, type LockBody } from './lock-object';
import type { TextObjects } from './text-objects';

const attempts = 5;
const millisecondsToAssert = 2_000;

interface Standing {
  readonly body: LockBody;
  readonly etag: string;
}

const readingOf = ({ epoch, holder }: LockBody): LockReading => ({ epoch, holder });

/** The lock as one S3 object. Every write carries the taker's nonce, so that a refusal can be read back. */
export class S3MigrationLock implements MigrationLock {
  private readonly objects: TextObjects;
  private readonly key: string;
  private readonly clock: Clock;
  private readonly nonces: Nonces;
  private readonly holderName: string;
  private mine: Standing | undefined;

  constructor(options: {
    objects: TextObjects;
    environment: string;
    migration: string;
    /** `user@host` of the operator. */
    holderName: string;
    clock: Clock;
    nonces: Nonces;
  }) {
    this.objects = options.objects;
    this.key = lockKey(options.environment, options.migration);
    this.holderName = options.holderName;
    this.clock = options.clock;
    this.nonces = options.nonces;
  }

  async read(signal: AbortSignal): Promise<LockReading | undefined> {
    const standing = await this.standing(signal);
    return standing && readingOf(standing.body);
  }

  async take(wish: { runId: string; verb: string; takeOver: boolean }, signal: AbortSignal): Promise<LockAttempt> {
    const nonce = this.nonces.next();
    const first = await this.standing(signal);
    let present = first;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      // A takeover is of the holder that the operator has seen; whoever came in between is asked about again.
      const other = present?.body.holder;
      const mayTake = other === undefined || (wish.takeOver && other.runId === first?.body.holder?.runId);
      if (present && !mayTake) return { taken: false, reading: readingOf(present.body) };

      const now = this.now();
      const { runId, verb } = wish;
      const holder = { name: this.holderName, runId, verb, takenAt: now, renewedAt: now };
      const body: LockBody = { schema: 1, epoch: (present?.body.epoch ?? 0) + 1, nonce, holder };
      const failure = await this.write(body, present?.etag, signal);
      if (this.mine) return { taken: true, epoch: body.epoch };
      present = await this.standing(signal);
      if (present?.body.nonce === nonce) {
        this.mine = present;
        return { taken: true, epoch: present.body.epoch };
      }
      if (failure) throw failure.error;
    }
    throw new Error(`${this.place} changes all the time; ${attempts} attempts to take it were refused`);
  }

  async renew(signal: AbortSignal): Promise<boolean> {
    const { mine } = this;
    if (!mine?.body.holder) return false;
    const body = { ...mine.body, holder: { ...mine.body.holder, renewedAt: this.now() } };
    const written = await this.objects.replace(this.key, JSON.stringify(body), mine.etag, signal);
    if (written.written) {
      this.mine = { body, etag: written.etag };
      return true;
    }
    const present = await this.standing(signal);
    if (present?.body.nonce !== body.nonce) return false;
    this.mine = present;
    return true;
  }

  async release(signal: AbortSignal): Promise<void> {
    for (let attempt = 1; attempt <= attempts && this.mine; attempt += 1) {
      const { schema, epoch, nonce } = this.mine.body;
      const body: LockBody = { schema, epoch, nonce };
      const { written } = await this.objects.replace(this.key, JSON.stringify(body), this.mine.etag, signal);
      const present = written ? undefined : await this.standing(signal);
      const stillMine = present?.body.nonce === nonce && present.body.holder !== undefined;
      this.mine = stillMine ? present : undefined;
    }
  }

  /**
   * For effects on services that know no epoch (DMS, SSM): the lock is read again just before. A store that does not
   * answer says nothing about the lock, and undo must go on without it, so only a clear "no" refuses.
   * @throws StaleEpochError
   */
  async assertHeld(signal: AbortSignal): Promise<void> {
    const { mine } = this;
    if (!mine) throw new Error(`${this.place} is not held by this run`);
    const short = AbortSignal.any([signal, AbortSignal.timeout(millisecondsToAssert)]);
    const present = await this.objects.read(this.key, short).catch(() => undefined);
    signal.throwIfAborted();
    if (present === undefined) return;
    const { epoch, nonce, holder } = parseLock(this.place, present.text);
    if (nonce === mine.body.nonce) return;
    throw new StaleEpochError(
      `${holder?.name ?? 'another operator'} has taken this migration over with epoch ${epoch}; this run has epoch ${mine.body.epoch}`,
    );
  }

  private get place(): string {
    return `s3://${this.objects.bucket}/${this.key}`;
  }

  private now(): string {
    return new Date(this.clock.nowMilliseconds()).toISOString();
  }

  private async standing(signal: AbortSignal): Promise<Standing | undefined> {
    const found = await this.objects.read(this.key, signal);
    return found && { body: parseLock(this.place, found.text), etag: found.etag };
  }

  /** Sets `mine` when the write was acknowledged; returns the failure of a write whose fate must be read back. */
  private async write(
    body: LockBody,
    etag: string | undefined,
    signal: AbortSignal,
  ): Promise<{ error: unknown } | undefined> {
    const text = JSON.stringify(body);
    try {
      const result = await (etag === undefined
        ? this.objects.create(this.key, text, signal)
        : this.objects.replace(this.key, text, etag, signal));
      if (result.written) this.mine = { body, etag: result.etag };
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      return { error };
    }
  }
}
