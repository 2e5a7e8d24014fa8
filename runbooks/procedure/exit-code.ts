/** Exit codes answer "did it happen?". */
export const exitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  declined: 4,
  unwound: 5,
  partial: 6,
  interrupted: 130,
} as const;

export type Outcome = keyof typeof exitCode;
