import { taskNames, type TaskName } from '../definition/replication/names';
import type { Fault } from './aws-endpoint/fault-schema';
import { taskArn } from './endpoint-contents';
import { administer } from './engines/any-engine';
import type { ScenarioFault } from './scenarios/scenario-fault';
import type { RehearsalWorld } from './world';

/** What goes wrong in a scenario, each at its moment and once. */
export class ScenarioFaults {
  private readonly world: RehearsalWorld;
  private waiting: readonly ScenarioFault[];
  private readonly failed: string[] = [];

  constructor(world: RehearsalWorld) {
    this.world = world;
    this.waiting = world.scenario.faults;
  }

  /** Lets happen what belongs to this moment. @returns what happened, in words; what failed is kept */
  async befall(moment: string): Promise<string[]> {
    const due = this.waiting.filter(({ when }) => when === moment);
    this.waiting = this.waiting.filter((each) => !due.includes(each));
    const told: string[] = [];
    for (const each of due) {
      const what = 'sql' in each ? `on the ${each.side}: ${each.sql}` : JSON.stringify(each.fault);
      try {
        await ('sql' in each ? this.execute(each.side, each.sql) : this.inject(withTaskArns(each.fault)));
        told.push(`${moment}: ${what}`);
      } catch (error) {
        this.failed.push(`${moment}: ${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return told;
  }

  /** What did not happen, because it failed or its moment never came: the rehearsal was not the one that was meant. */
  notHappened(): string[] {
    return [...this.failed, ...this.waiting.map(({ when }) => `${when}: this moment never came`)];
  }

  private async execute(side: 'source' | 'target', sql: string): Promise<void> {
    const { engines, place } = this.world;
    const administrator = await administer(engines[side], place.databases[side].database);
    await administrator.query(sql).finally(() => administrator.close());
  }

  /** Resolves when the cloud has taken it. @throws Error when it refuses */
  private async inject(fault: Fault): Promise<void> {
    const answers = this.world.cloud.stdoutLines();
    this.world.cloud.send({ type: 'fault', fault });
    for await (const line of answers) {
      if (line['type'] === 'fault.refused') throw new Error(`a fault of the scenario: ${String(line['reason'])}`);
      if (line['type'] === 'fault.added') return;
    }
    throw new Error('the cloud ended before it took a fault of the scenario');
  }
}

/** A scenario names a task as load, forward or reverse; the cloud knows its ARN. */
function withTaskArns(fault: Fault): Fault {
  if (fault.kind === 'replicator') return { ...fault, fault: named(fault.fault) };
  return named(fault);
}

function named<T extends object>(fault: T): T {
  const task = (fault as { taskArn?: unknown }).taskArn;
  return taskNames.includes(task as TaskName) ? { ...fault, taskArn: taskArn(task as TaskName) } : fault;
}
