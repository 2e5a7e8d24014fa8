/** What a write pause is made of besides our own work, in seconds. */
export interface PauseBudget {
  readonly maxWritePauseSeconds: number;
  /** Time that an unwinding takes. */
  readonly undoSeconds: number;
  readonly ttlSeconds: number;
  readonly propagationSeconds: number;
}

/** What this run and earlier ones have seen of these parts. */
export type MeasuredPause = Partial<Pick<PauseBudget, 'undoSeconds' | 'ttlSeconds' | 'propagationSeconds'>>;

/** The definition's figures are the least that is kept back: what was measured only ever adds to them. */
export const measuredBudget = (budget: PauseBudget, measured: MeasuredPause): PauseBudget => ({
  ...budget,
  undoSeconds: Math.max(budget.undoSeconds, measured.undoSeconds ?? 0),
  ttlSeconds: Math.max(budget.ttlSeconds, measured.ttlSeconds ?? 0),
  propagationSeconds: Math.max(budget.propagationSeconds, measured.propagationSeconds ?? 0),
});

/** Seconds after the fence at which the run unwinds by itself, so that clients stay within the budget even then. */
export const unwindAfterSeconds = (budget: PauseBudget): number =>
  budget.maxWritePauseSeconds - budget.undoSeconds - budget.ttlSeconds - budget.propagationSeconds;

export const inSeconds = (seconds: number): number => Number(seconds.toFixed(1));

/** The sum as it stands in messages. */
export const budgetText = (budget: PauseBudget): string =>
  `maxWritePauseSeconds ${budget.maxWritePauseSeconds} − undo ${inSeconds(budget.undoSeconds)} − TTL ${budget.ttlSeconds} − propagation ${inSeconds(budget.propagationSeconds)}`;
