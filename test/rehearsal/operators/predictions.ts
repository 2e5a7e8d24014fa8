import type { Invariant } from '../../../rehearsal/judge/finding';
import type { Scenario } from '../../../rehearsal/scenarios/scenario';

/** An operator with one broken port, by the name of its file, and which invariant its author predicted would say so. */
export interface Prediction {
  readonly operator: string;
  readonly invariant: Invariant;
  readonly faults?: Scenario['faults'];
  /** What the same harm may break besides, depending on who writes when: nothing else may be broken. */
  readonly mayFollow?: readonly Invariant[];
}

/** Commits are on their way for so long that a side opened too early is always seen. */
const slowApply: Scenario['faults'][number] = {
  when: 'switch:fence',
  fault: { kind: 'replicator', fault: { kind: 'delay-apply', milliseconds: 1500, taskArn: 'load' } },
};

/** Where both sides write, neither holds all writes, and the records lead away from one that is open. */
const bothWrite: readonly Invariant[] = ['I1', 'I3', 'I4', 'I5', 'I6'];

export const predictions: readonly Prediction[] = [
  { operator: 'fence-skipped', invariant: 'I2', mayFollow: bothWrite },
  { operator: 'accounts-left-open', invariant: 'I2', mayFollow: bothWrite },
  // What the target takes before the way back has its beginning never reaches the source.
  {
    // Sessions that the fence has not ended yet may still write to the source.
    ...{ operator: 'opened-before-drain', invariant: 'I3', mayFollow: ['I2', 'I5'] },
    faults: [slowApply],
  },
  // Keys that are refused keep clients from writing.
  { operator: 'sequences-not-advanced', invariant: 'I4', mayFollow: ['I11'] },
  { operator: 'weights-in-two-batches', invariant: 'I6' },
  { operator: 'reverse-from-now', invariant: 'I5' },
];
