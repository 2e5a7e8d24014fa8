import { setTimeout as sleep } from 'node:timers/promises';
import { ChangeQueue, type TransactionPart } from './change-queue';
import type { Latency } from './latency';
import type { ChangeSink, TaskProgress } from './sinks/change-sink';
import type { ChangeSource, ChangeStream } from './sources/change-source';
import type { Router } from './table-mappings/router';

/** Row changes of small transactions that go into one transaction of the target when it is behind. */
const groupChanges = 500;
/** Row changes of one batch. */
const batchChanges = 20_000;
/** How often a position that was reached without changes is remembered, and so the source's log let go. */
const idleSaveMilliseconds = 5_000;
const tickMilliseconds = 1_000;
const statusMilliseconds = 1_000;

export interface ApplyTask {
  source: ChangeSource;
  sink: ChangeSink;
  router: Router;
  latency: Latency;
  /** Batch apply, where the settings ask for it. */
  batch?: { gatherMilliseconds: number };
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
  private statusAt = 0;
  private appliedCommit: number | undefined;
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
      await this.writeStatus('CHANGE PROCESSING');
      await this.applyAll(this.stream);
      await this.writeStatus('NOT RUNNING');
    } finally {
      clearInterval(ticker);
      await this.stream.close();
    }
    if (this.failure) throw this.failure;
  }

  private async applyAll(stream: ChangeStream): Promise<void> {
    for (;;) {
      const parts = await this.take();
      if (!parts) return;
      // When a large transaction was committed is known only at its end.
      this.applying ??= parts[0]?.commit?.committedAtMilliseconds ?? Date.now();
      if (this.task.delayMilliseconds() > 0) await sleep(this.task.delayMilliseconds());
      if (this.task.batch) await this.task.sink.applyBatch(parts);
      else await this.task.sink.apply(parts);
      const commit = parts.at(-1)?.commit;
      if (!commit) continue;
      this.task.latency.noteApplied(this.applying);
      this.applying = undefined;
      this.appliedCommit = commit.committedAtMilliseconds;
      this.position = commit.position;
      this.savedAt = Date.now();
      stream.confirm(commit.position);
      if (Date.now() - this.statusAt >= statusMilliseconds) await this.writeStatus('CHANGE PROCESSING');
    }
  }

  /** Batch apply gathers what comes within its time; otherwise only what waits already goes together. */
  private async take(): Promise<TransactionPart[] | undefined> {
    const { batch } = this.task;
    const parts = await this.queue.take(batch ? batchChanges : groupChanges);
    if (!batch || !parts?.at(-1)?.commit) return parts;
    this.applying = parts[0]?.commit?.committedAtMilliseconds;
    await sleep(batch.gatherMilliseconds);
    return [...parts, ...this.queue.takeWaiting(batchChanges)];
  }

  private async writeStatus(phase: TaskProgress['phase']): Promise<void> {
    this.statusAt = Date.now();
    const { incomingChanges: pendingChanges, position, appliedCommit: appliedCommitMilliseconds } = this;
    await this.task.sink.writeStatus({ phase, pendingChanges, position, appliedCommitMilliseconds });
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
