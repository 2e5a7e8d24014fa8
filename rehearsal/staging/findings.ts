/** What a look found on one side, before anything was written. */
export interface Findings {
  /** Why a rehearsal cannot be made there, each with what mends it. */
  readonly problems: readonly Problem[];
  /** `MariaDB 10.11.14` */
  readonly product: string;
  /** The name that the server gives itself, beside that of the URL. */
  readonly serverName: string;
  /** When the earlier rehearsal began whose leftovers stand there. */
  readonly leftBySince?: string;
  /** Accounts of others that may log in. */
  readonly others: readonly string[];
  /** Those of them that are connected now. */
  readonly connected: readonly string[];
  /** Events of the server that the fence would stop for a while. */
  readonly events: readonly string[];
  /** Constraints, indexes and collations that look like ours and are theirs. */
  readonly kept: readonly string[];
}

export interface Problem {
  readonly what: string;
  readonly mend: string;
}

/** A setting that is not as a rehearsal needs it. */
export const setting = (name: string, value: unknown, needed: string, mend: string): Problem => ({
  what: `${name} is ${String(value) === '' ? 'empty' : String(value)}, and ${needed} is needed`,
  mend,
});

/** Clocks that differ more than this would order the writes of two sides wrongly. */
const mostSkewMilliseconds = 100;

/** @param read the server's own time, in milliseconds since 1970 */
export async function clockProblem(read: () => Promise<number>): Promise<Problem[]> {
  await read();
  const before = Date.now();
  const theirs = await read();
  const after = Date.now();
  const skew = Math.max(before - theirs, theirs - after, 0);
  if (skew <= mostSkewMilliseconds) return [];
  return [
    {
      what: `its clock differs from that of this computer by ${Math.round(skew)} ms, and the judge orders writes by both`,
      mend: 'let both take the time from the same servers (chrony, ntpd)',
    },
  ];
}

export const connectionsProblem = (free: number, needed: number, mend: string): Problem[] =>
  free >= needed ? [] : [{ what: `${free} connections are free, and about ${needed} are needed`, mend }];

/** A definition names them, so that a fence leaves them alone. */
export const namesProblem = (others: readonly string[]): Problem[] =>
  takenProblem(
    'an account whose name a definition cannot hold,',
    others.filter((name) => !/^[A-Za-z_][A-Za-z0-9_$-]{0,62}$/.test(name)),
    'lock it for the time of the rehearsal',
  );

/** What stands there under names that the rehearsal needs, and is nobody's leftover. */
export const takenProblem = (kind: string, taken: readonly string[], mend: string): Problem[] =>
  taken.length === 0
    ? []
    : [{ what: `${kind} ${taken.join(', ')} ${taken.length > 1 ? 'are' : 'is'} there already`, mend }];
