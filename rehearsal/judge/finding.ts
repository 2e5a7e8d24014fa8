export const INVARIANTS = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10', 'I11', 'I12'] as const;
export type Invariant = (typeof INVARIANTS)[number];

/** What was found out about one invariant, how, and what speaks for or against it. */
export interface Finding {
  verdict: 'held' | 'violated' | 'not exercised';
  how: string;
  evidence: string[];
}

const MOST_EXAMPLES = 10;

/** Held, unless there is any violation; then only the violations speak, the first of them as examples. */
export function finding(how: string, violations: string[], evidence: string[]): Finding {
  if (violations.length === 0) return { verdict: 'held', how, evidence };
  const examples = violations.slice(0, MOST_EXAMPLES);
  const more = violations.length - examples.length;
  return { verdict: 'violated', how, evidence: more > 0 ? [...examples, `… and ${more} more`] : examples };
}

export function notExercised(how: string): Finding {
  return { verdict: 'not exercised', how, evidence: [] };
}
