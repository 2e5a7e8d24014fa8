import type { Command, Report, TaskRequest } from './messages';
import { parseReplicatorFault } from './fault';
import { Task } from './task';

/** Runs the tasks that the endpoint starts: several at once, each by itself. */
export class Replicator {
  private readonly send: (report: Report) => void;
  private readonly tasks = new Map<string, { task: Task; ended: Promise<void> }>();
  private readonly delays = new Map<string, number>();

  constructor(send: (report: Report) => void) {
    this.send = send;
  }

  handle(command: Command): void {
    if (command.type === 'start') this.start(command.task);
    else if (command.type === 'stop') this.stop(command.taskArn);
    else this.misfortune(command.fault);
  }

  /** Stops every task and resolves when all have ended. */
  async close(): Promise<void> {
    const running = [...this.tasks.values()];
    for (const { task } of running) task.stop();
    await Promise.all(running.map(({ ended }) => ended));
  }

  private start(request: TaskRequest): void {
    if (this.tasks.has(request.arn)) {
      const message = `task ${request.identifier} is running already`;
      process.stderr.write(`${message}\n`);
      return;
    }
    const task = new Task(request, this.send, () => this.delays.get(request.arn) ?? this.delays.get('') ?? 0);
    const ended = task.run().finally(() => this.tasks.delete(request.arn));
    this.tasks.set(request.arn, { task, ended });
  }

  private stop(taskArn: string): void {
    const running = this.tasks.get(taskArn);
    if (running) running.task.stop();
    else this.send({ type: 'status', taskArn, status: 'stopped', stopReason: 'Stop Reason NORMAL' });
  }

  private misfortune(value: unknown): void {
    const fault = parseReplicatorFault(value);
    switch (fault.kind) {
      case 'delay-apply':
        this.delays.set(fault.taskArn ?? '', fault.milliseconds);
        return;
      case 'exit':
        process.exit(fault.code);
    }
  }
}
