import type { Report, TaskRequest } from '../../../rehearsal/replicator/messages';
import { Task } from '../../../rehearsal/replicator/task';

type Status = Extract<Report, { type: 'status' }>;

/** A task that runs inside the test, with what it reports. */
export class RunningTask {
  readonly reports: Report[] = [];
  private readonly task: Task;
  private readonly ended: Promise<void>;
  delayMilliseconds = 0;

  constructor(request: TaskRequest) {
    this.task = new Task(request, (report) => this.reports.push(report), {
      delayMilliseconds: () => this.delayMilliseconds,
      loses: () => false,
    });
    this.ended = this.task.run();
  }

  get statuses(): Status[] {
    return this.reports.filter((report) => report.type === 'status');
  }

  /** The last statistics of a table as `schema.table`. */
  table(name: string): Record<string, unknown> | undefined {
    const last = this.reports.filter((report) => report.type === 'statistics').at(-1);
    return (last?.tables as Record<string, unknown>[] | undefined)?.find(
      (each) => `${String(each.schema)}.${String(each.table)}` === name,
    );
  }

  /** Resolves when the full load is complete; fails when the task ends before. */
  loaded(): Promise<void> {
    return this.reaches(() =>
      this.reports.some((each) => each.type === 'statistics' && each.fullLoadProgressPercent === 100),
    );
  }

  running(): Promise<void> {
    return this.reaches(() => this.statuses.some(({ status }) => status === 'running'));
  }

  private reaches(state: () => boolean): Promise<void> {
    return eventually(() => {
      const last = this.statuses.at(-1);
      if (last?.status === 'failed') throw new Error(last.message);
      return state();
    });
  }

  async stop(): Promise<Status> {
    this.task.stop();
    return this.end();
  }

  /** The last status, when the task has ended by itself. */
  async end(): Promise<Status> {
    await this.ended;
    return this.statuses.at(-1) as Status;
  }
}

/** Asks until the answer is yes; the test's own timeout ends it otherwise. */
export async function eventually(question: () => Promise<boolean> | boolean, seconds = 60): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await question())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${question.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
