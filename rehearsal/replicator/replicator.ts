import { z } from 'zod';
import { ActiveFaults, parseReplicatorFault } from './fault';
import { command, type Report, type TaskRequest } from './messages';
import { Task } from './task';

/** Enough of a message to say whose it was when the rest cannot be understood. */
const addressed = z.object({ task: z.object({ arn: z.string() }) });

/** Runs the tasks that the endpoint starts: several at once, each by itself. */
export class Replicator {
  private readonly send: (report: Report) => void;
  private readonly tasks = new Map<string, { task: Task; ended: Promise<void> }>();
  private readonly faults = new ActiveFaults();

  constructor(send: (report: Report) => void) {
    this.send = send;
  }

  /** Takes one message of the control connection. Throws when it is none and concerns no task. */
  handle(message: unknown): void {
    const parsed = command.safeParse(message);
    if (!parsed.success) {
      const known = addressed.safeParse(message);
      if (!known.success) throw new Error(`not a command: ${z.prettifyError(parsed.error)}`);
      const reason = `the task's description is not understood: ${z.prettifyError(parsed.error)}`;
      this.send({ type: 'status', taskArn: known.data.task.arn, status: 'failed', message: reason });
    } else if (parsed.data.type === 'start') this.start(parsed.data.task);
    else if (parsed.data.type === 'stop') this.stop(parsed.data.taskArn);
    else this.suffer(parsed.data.fault);
  }

  /** Stops every task and resolves when all have ended. */
  async close(): Promise<void> {
    const running = [...this.tasks.values()];
    for (const { task } of running) task.stop();
    await Promise.all(running.map(({ ended }) => ended));
  }

  private start(request: TaskRequest): void {
    if (this.tasks.has(request.arn)) {
      process.stderr.write(`task ${request.identifier} is running already; a second start is ignored\n`);
      return;
    }
    const task = new Task(request, this.send, this.faults.of(request.arn));
    const ended = task.run().finally(() => this.tasks.delete(request.arn));
    this.tasks.set(request.arn, { task, ended });
  }

  private stop(taskArn: string): void {
    const running = this.tasks.get(taskArn);
    if (running) running.task.stop();
    else this.send({ type: 'status', taskArn, status: 'stopped', stopReason: 'Stop Reason NORMAL' });
  }

  private suffer(value: unknown): void {
    const fault = parseReplicatorFault(value);
    if (fault.kind === 'exit') process.exit(fault.code);
    else if (fault.kind === 'fail-task') this.tasks.get(fault.taskArn)?.task.fail(fault.message);
    else this.faults.add(fault);
  }
}
