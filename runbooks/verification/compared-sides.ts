import type { TableStatements } from './dialects/dialect';
import type { Lane } from './verified-side';

export type Row = Record<string, string | null>;

export interface End {
  readonly lane: Lane;
  readonly statements: TableStatements;
}
interface Question {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Both sides of one table; each question goes to both at once. */
export class Sides {
  readonly primary: End;
  readonly other: End;

  constructor(primary: End, other: End) {
    this.primary = primary;
    this.other = other;
  }

  /** The rows of the primary and of the other side; none where there is no question. */
  async ask(of: (statements: TableStatements) => Question | undefined, signal: AbortSignal): Promise<[Row[], Row[]]> {
    const { here, there } = await this.timed(of, signal);
    return [here, there];
  }

  /** And how long the slower side took. */
  async timed(of: (statements: TableStatements) => Question | undefined, signal: AbortSignal) {
    const one = async ({ lane, statements }: End) => {
      const question = of(statements);
      return question ? lane.run(question, signal) : { rows: [], milliseconds: 0 };
    };
    const [here, there] = await Promise.all([one(this.primary), one(this.other)]);
    return {
      here: here.rows,
      there: there.rows,
      milliseconds: Math.max(here.milliseconds, there.milliseconds),
    };
  }
}
