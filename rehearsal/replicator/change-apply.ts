import { setTimeout as sleep } from 'node:timers/promises';
import { ChangeQueue } from './change-queue';
import type { Latency } from './latency';
import type { ChangeSink } from './sinks/change-sink';
import type { ChangeSource, ChangeStream } from './sources/change-source';
import type { Router } from './table-mappings/router';

/** Row changes of small transactions that go into one transaction of the target when it is behind. */
const groupChanges = 500;
/** How often a position that was reached without changes is remembered, and so the source's log let go. */
const idleSaveMilliseconds = 5_000;
const tickMilliseconds = 1_000;

export interface ApplyTask {
  source: ChangeSource;
  sink: ChangeSink;
  router: Router;
  latency: Latency;
  /** Milliseconds to wait before each transaction: a scenario's slow target. */
  delayMilliseconds(): number;
}

/** Reads changes from a position on and applies them until it is stopped or an end of the line breaks. */
export class ChangeApply {
  private readonly task: ApplyTask;
  private readonly queue: ChangeQueue;
  private stream: ChangeStream | undefined;
  private paused = false;
  private failure: Error | undefined;
  private applying: number | undefined;
  private savedAt = Date.now();
  /** The last position that is durable on the target. */
  position: string;

  constructor(task: ApplyTask, position: string) {
    this.task = task;
    this.position = position;
    this.queue = new ChangeQueue((paused) => {
      this.paused = paused;
      this.stream?.pause(paused);
    });
  }

  get incomingChanges(): number {
    return this.queue.incomingChanges;
  }

  /** Commit time of the oldest transaction that is read but not applied. */
  get oldestWaiting(): number | undefined {
    return this.applying ?? this.queue.oldestCommit;
  }

  /** No further transaction is begun. */
  stop(): void {
    this.queue.close();
  }

  /**
   * Runs until `stop`; then everything applied is confirmed to the source and its feed is free again.
   * Throws what broke the source or the target.
   */
  async run(own: boolean, running: () => void): Promise<void> {
    const { source, router, latency } = this.task;
    const failed = (error: Error): void => {
      this.failure ??= error;
      this.queue.close();
    };
    this.stream = await source.openStream(this.position, own, { queue: this.queue, router, latency, failed });
    if (this.paused) this.stream.pause(true);
    running();
    const ticker = setInterval(() => this.nudge(), tickMilliseconds);
    try {
      await this.applyAll(this.stream);
    } finally {
      clearInterval(ticker);
      await this.stream.close();
    }
    if (this.failure) throw this.failure;
  }

  private async applyAll(stream: ChangeStream): Promise<void> {
    for (;;) {
      const parts = await this.queue.take(groupChanges);
      if (!parts) return;
      if (this.task.delayMilliseconds() > 0) await sleep(this.task.delayMilliseconds());
      const first = parts[0]?.commit?.committedAtMilliseconds;
      this.applying = first;
      const commit = parts.at(-1)?.commit;
      if (parts.every((part) => part.changes.length === 0) && commit)
        await this.task.sink.savePosition(commit.position);
      else await this.task.sink.apply(parts);
      this.applying = undefined;
      if (!commit) continue;
      if (first !== undefined) this.task.latency.noteApplied(first);
      this.position = commit.position;
      this.savedAt = Date.now();
      stream.confirm(commit.position);
    }
  }

  /**
   * While the source is quiet for this task its log still grows. A part without changes, queued like any other, saves
   * how far it was read: it cannot overtake what waits.
   */
  private nudge(): void {
    const { stream } = this;
    if (!stream || this.queue.length > 0 || this.applying !== undefined) return;
    if (Date.now() - this.savedAt < idleSaveMilliseconds || stream.receivedPosition === this.position) return;
    this.savedAt = Date.now();
    const committedAtMilliseconds = Date.now();
    this.queue.push({ changes: [], size: 0, commit: { position: stream.receivedPosition, committedAtMilliseconds } });
  }
}
