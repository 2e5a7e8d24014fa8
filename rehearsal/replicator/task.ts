import { setTimeout as sleep } from 'node:timers/promises';
import type { Misfortunes } from './fault';
import type { Report, TaskRequest } from './messages';
import { formatCheckpoint } from './position-notation';
import { Latency } from './latency';
import type { TableStatistics } from './table-statistics';
import { FatalTaskError, describe, isRecoverable } from './task-errors';
import { type TaskSettings, parseTaskSettings } from './task-settings';
import { Router } from './table-mappings/router';
import { TaskAttempt } from './task-attempt';

/** How long a task tries to recover without getting on, unless `RecoverableErrorCount` counts the attempts. */
const recoverySeconds = 30;
const longestBackoffMilliseconds = 2_000;
const reportMilliseconds = 1_000;

type Status = Extract<Report, { type: 'status' }>;

/** One replication task from its start to `stopped` or `failed`: attempts, retries, and reports to the endpoint. */
export class Task {
  readonly request: TaskRequest;
  private readonly send: (report: Report) => void;
  private readonly misfortunes: Misfortunes;
  private readonly latency = new Latency();
  private readonly stopping = new AbortController();
  private router: Router | undefined;
  private attempt: TaskAttempt | undefined;
  private percent = 0;
  private position: string | undefined;
  private failure: FatalTaskError | undefined;

  constructor(request: TaskRequest, send: (report: Report) => void, misfortunes: Misfortunes) {
    this.request = request;
    this.send = send;
    this.misfortunes = misfortunes;
  }

  /** Finishes the transaction under way, then ends. */
  stop(): void {
    if (this.stopping.signal.aborted) return;
    this.report({ status: 'stopping' });
    this.stopping.abort();
    this.attempt?.stop();
  }

  /** Ends in `failed` with this message, as an error that cannot be recovered from would. */
  fail(message: string): void {
    this.failure ??= new FatalTaskError(message);
    this.stopping.abort();
    this.attempt?.stop();
  }

  /** Resolves when the task has ended, either way. Never throws: failures are reported. */
  async run(): Promise<void> {
    this.report({ status: 'starting' });
    const ticker = setInterval(() => this.tick(), reportMilliseconds);
    try {
      const stopReason = await this.attempts(parseTaskSettings(this.request.settings));
      if (this.failure) throw this.failure;
      this.report({ status: 'stopped', stopReason: `Stop Reason ${stopReason}`, ...this.checkpoint() });
    } catch (error) {
      const reason = isRecoverable(error) ? 'RECOVERABLE_ERROR' : 'FATAL_ERROR';
      const message = `Last Error ${describe(error)}; Stop Reason ${reason}`;
      this.report({ status: 'failed', stopReason: `Stop Reason ${reason}`, message, ...this.checkpoint() });
    } finally {
      clearInterval(ticker);
    }
  }

  /** Runs attempt after attempt while the errors are of the kind that passes; answers DMS's stop reason. */
  private async attempts(settings: TaskSettings): Promise<'NORMAL' | 'FULL_LOAD_ONLY_FINISHED'> {
    this.router = new Router(this.request.tableMappings, settings, (table) => this.misfortunes.loses(table));
    const limit = settings.ErrorBehavior.RecoverableErrorCount;
    let anew = this.request.startType !== 'resume-processing';
    let progressAt = Date.now();
    for (let failures = 0; ;) {
      const attempt = (this.attempt = new TaskAttempt(this.request, settings, this.router, this.latency, {
        running: () => {
          failures = 0;
          progressAt = Date.now();
          this.report({ status: 'running' });
        },
        loaded: (percent) => {
          progressAt = Date.now();
          this.percent = percent;
          this.sendStatistics();
        },
        delayMilliseconds: () => this.misfortunes.delayMilliseconds(),
      }));
      if (this.stopping.signal.aborted) return 'NORMAL';
      try {
        return await attempt.run(anew);
      } catch (error) {
        if (this.stopping.signal.aborted) return 'NORMAL';
        failures++;
        const spent = limit >= 0 ? failures > limit : Date.now() - progressAt > recoverySeconds * 1000;
        if (!isRecoverable(error) || spent) throw error;
        process.stderr.write(`${this.request.identifier}: ${describe(error)}; trying again\n`);
        const backoff = Math.min(100 * 2 ** (failures - 1), longestBackoffMilliseconds);
        await sleep(backoff, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      } finally {
        if (attempt.begun) anew = false;
        this.position = attempt.position ?? this.position;
      }
    }
  }

  private checkpoint(): { recoveryCheckpoint?: string } {
    return this.position === undefined
      ? {}
      : { recoveryCheckpoint: formatCheckpoint(this.request.source.engine, this.position) };
  }

  private report(status: Omit<Status, 'type' | 'taskArn'>): void {
    this.send({ type: 'status', taskArn: this.request.arn, ...status, fullLoadProgressPercent: this.percent });
    if (this.router) this.sendStatistics();
  }

  private sendStatistics(): void {
    const tables = (this.router?.statistics ?? []).map((table: TableStatistics) => table.toJSON());
    this.send({ type: 'statistics', taskArn: this.request.arn, tables, fullLoadProgressPercent: this.percent });
  }

  private tick(): void {
    this.sendStatistics();
    const changes = this.attempt?.changes;
    if (!changes) return;
    const latencies = this.latency.tick(changes.oldestWaiting);
    const { incomingChanges } = changes;
    this.send({ type: 'metrics', taskArn: this.request.arn, ...latencies, incomingChanges });
  }
}
