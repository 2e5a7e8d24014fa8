import { epochMilliseconds, pause } from '../../workload/clock';
import type { ApplicationSession } from '../engine/application-session';
import { reasonOf } from '../reason';

/** This account cannot be used now; nothing was sent to the database. */
export class NotReady extends Error {}

const LONGEST_WAIT_MILLISECONDS = 5000;
/** While somebody asks: soon enough that an opened gate is seen in tens of milliseconds. */
const PROBE_EAGERLY_MILLISECONDS = 40;
/** While nobody asks: a refused login costs both ends about 8 ms of a core. */
const PROBE_LAZILY_MILLISECONDS = 400;
const EAGER_FOR_MILLISECONDS = 2000;

/**
 * Connections of one account. It is ready, or it knows why not: then it answers at once, and one probe at a time tries to
 * log in, eagerly while requests come and seldom otherwise.
 */
export class AccountPool {
  private readonly open: () => Promise<ApplicationSession>;
  private readonly most: number;
  private idle: ApplicationSession[] = [];
  private standing = 0;
  private waiting: (() => void)[] = [];
  private refusal: string | undefined;
  private askedAt = 0;
  private closed = false;
  private probing: Promise<void> | undefined;

  constructor(open: () => Promise<ApplicationSession>, most: number) {
    this.open = open;
    this.most = most;
    this.refuse('not tried yet');
  }

  /** Why this account cannot be used now; undefined while it can. */
  get reason(): string | undefined {
    return this.refusal;
  }

  /** Sessions that stand, idle ones among them. */
  get sessions(): number {
    return this.standing;
  }

  /** Lends a session for as long as `use` takes. Throws {@link NotReady} at once where the account is refused. */
  async with<T>(use: (session: ApplicationSession) => Promise<T>): Promise<T> {
    const session = await this.take();
    try {
      return await use(session);
    } finally {
      this.giveBack(session);
    }
  }

  /** Resolves when the first login was tried. */
  async tried(): Promise<void> {
    while (this.refusal === 'not tried yet' && !this.closed) await pause(5);
  }

  close(): void {
    this.closed = true;
    this.dropIdle();
    this.waiting.splice(0).forEach((each) => each());
  }

  private async take(): Promise<ApplicationSession> {
    this.askedAt = epochMilliseconds();
    const until = this.askedAt + LONGEST_WAIT_MILLISECONDS;
    for (;;) {
      if (this.refusal !== undefined || this.closed) throw new NotReady(this.refusal ?? 'it is about to end');
      const session = this.idle.pop();
      if (session && !session.broken) return session;
      if (session) this.standing -= 1;
      else if (this.standing < this.most) return this.connect();
      else if (!(await this.turn(until))) throw new NotReady(`all ${this.most} connections were busy for too long`);
    }
  }

  private async connect(): Promise<ApplicationSession> {
    this.standing += 1;
    try {
      return await this.open();
    } catch (error) {
      this.standing -= 1;
      this.refuse(reasonOf(error));
      throw new NotReady(this.refusal, { cause: error });
    }
  }

  /** Waits until some session is given back; false when that takes too long. */
  private async turn(until: number): Promise<boolean> {
    let wake = (): void => undefined;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, until - epochMilliseconds()));
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      this.waiting.push(wake);
    });
    this.waiting = this.waiting.filter((each) => each !== wake);
    return epochMilliseconds() < until;
  }

  private giveBack(session: ApplicationSession): void {
    if (session.broken || this.closed || this.refusal !== undefined) {
      this.standing -= 1;
      session.close();
    } else this.idle.push(session);
    // A session that was ended may mean that all are: the next to connect will learn it.
    this.waiting.shift()?.();
  }

  private refuse(reason: string): void {
    this.refusal = reason;
    this.dropIdle();
    this.waiting.splice(0).forEach((each) => each());
    this.probing ??= this.probe().finally(() => (this.probing = undefined));
  }

  private dropIdle(): void {
    for (const session of this.idle) session.close();
    this.standing -= this.idle.length;
    this.idle = [];
  }

  private async probe(): Promise<void> {
    for (let first = true; !this.closed; first = false) {
      if (!first || this.refusal !== 'not tried yet') await this.untilNextProbe();
      if (this.closed) return;
      try {
        const session = await this.open();
        this.standing += 1;
        this.refusal = undefined;
        this.giveBack(session);
        return;
      } catch (error) {
        this.refusal = reasonOf(error);
      }
    }
  }

  /** A request that comes in the meantime shortens a long wait. */
  private async untilNextProbe(): Promise<void> {
    const from = epochMilliseconds();
    const eager = () => epochMilliseconds() - this.askedAt < EAGER_FOR_MILLISECONDS;
    await pause(PROBE_EAGERLY_MILLISECONDS);
    while (!this.closed && !eager() && epochMilliseconds() - from < PROBE_LAZILY_MILLISECONDS) await pause(20);
  }
}
