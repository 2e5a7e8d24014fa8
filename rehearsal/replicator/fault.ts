import { z } from 'zod';
import { nameOf, type TableName } from './row-change';

/** A scenario's misfortune of the replicator; the endpoint hands it on as it is. */
const replicatorFault = z.discriminatedUnion('kind', [
  /** Waits before every transaction of the target, for one task or for all; 0 ends it. */
  z.strictObject({ kind: z.literal('delay-apply'), milliseconds: z.number().min(0), taskArn: z.string().optional() }),
  /** The next row changes of this table (`schema.table` of the source) are lost without a trace. */
  z.strictObject({
    kind: z.literal('lose-changes'),
    table: z.string(),
    count: z.int().positive().default(1),
    taskArn: z.string().optional(),
  }),
  /** A running task ends in `failed`, as after an error that it cannot recover from. */
  z.strictObject({
    kind: z.literal('fail-task'),
    taskArn: z.string(),
    message: z.string().default('injected failure'),
  }),
  /** The process ends at once, as if it had crashed. */
  z.strictObject({ kind: z.literal('exit'), code: z.int().default(70) }),
]);

type ReplicatorFault = z.infer<typeof replicatorFault>;

/** Throws with what is allowed when the fault is not known. */
export function parseReplicatorFault(value: unknown): ReplicatorFault {
  const parsed = replicatorFault.safeParse(value);
  if (!parsed.success) throw new Error(`not a fault of the replicator: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** What a task suffers: asked at the places where it may go wrong. */
export interface Misfortunes {
  /** Milliseconds to wait before the next transaction of the target. */
  delayMilliseconds(): number;
  /** True when a change of this table shall be lost; each answer uses up one. */
  loses(table: TableName): boolean;
}

/** Holds the faults that last, for every task. */
export class ActiveFaults {
  private readonly delays = new Map<string, number>();
  private losses: { table: string; count: number; taskArn?: string }[] = [];

  add(fault: Extract<ReplicatorFault, { kind: 'delay-apply' | 'lose-changes' }>): void {
    if (fault.kind === 'delay-apply') this.delays.set(fault.taskArn ?? '', fault.milliseconds);
    else this.losses.push(fault);
  }

  of(taskArn: string): Misfortunes {
    return {
      delayMilliseconds: () => this.delays.get(taskArn) ?? this.delays.get('') ?? 0,
      loses: (table) => {
        if (this.losses.length === 0) return false;
        const loss = this.losses.find((each) => each.table === nameOf(table) && (each.taskArn ?? taskArn) === taskArn);
        if (!loss) return false;
        loss.count--;
        this.losses = this.losses.filter((each) => each.count > 0);
        return true;
      },
    };
  }
}
