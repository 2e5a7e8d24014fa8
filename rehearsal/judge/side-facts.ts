import type { Side } from '../workload/configuration';

/** What one engine itself says, read as its superuser after the run. Instants are epoch milliseconds. */
export interface SideFacts {
  /** Commit instants of the ledger's and the probes' transactions on this side; without those that never committed. */
  commits: Map<string, number>;
  /** For each entry that stands on this side, when each of its rows was committed here (by a client or by replication). */
  entries: Map<string, number[]>;
  /** Commit instants of every direct probe that got through. */
  probes: number[];
  /** Commit instants of writes by which an operator proved, with an application's account, that the side accepts them. */
  proofs: number[];
  /** Write accounts that may log in now. */
  unlocked: string[];
  /** How far each sequence and identity of a replicated schema has counted. */
  sequences: Map<string, bigint>;
  /** Where commit instants are not exact: the longest time between the known instant and the acknowledgement. */
  latencyMilliseconds?: number;
}

export type EngineFacts = Record<Side, SideFacts>;
