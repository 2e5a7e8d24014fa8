import type { Client } from 'pg';

/** A statement that stays prepared in the session under its name. */
export interface Statement {
  name: string;
  text: string;
}

export interface Step {
  statement: Statement;
  values: (string | null)[];
}

/** A step that the server refused; those behind it were not run. */
export class StepError extends Error {
  readonly step: Step;
  override readonly cause: Error;

  constructor(step: Step, cause: Error) {
    super(cause.message);
    this.step = step;
    this.cause = cause;
  }
}

/** The parts of pg's connection that a submitted query may use. */
interface Wire {
  parse(message: { name: string; text: string; types: number[] }): void;
  bind(message: { portal: string; statement: string; values: (string | null)[]; binary: boolean }): void;
  execute(message: { portal: string; rows: number }): void;
  sync(): void;
  on(event: 'parseComplete', listener: () => void): void;
  stream: { cork(): void; uncork(): void };
}

/** A query object in pg's queue, as pg-cursor and pg-copy-streams are. */
interface Submittable {
  submit(wire: Wire): void;
  callback(): void;
  handleRowDescription(): void;
  handleDataRow(): void;
  handleCommandComplete(message: { text: string }): void;
  handleEmptyQuery(): void;
  handleError(error: Error): void;
  handleReadyForQuery(): void;
}

const nothing = (): void => undefined;

/** Sends many prepared statements in one go with a single Sync at the end: one round trip however many rows. */
export class Pipeline {
  private readonly client: Client;
  private readonly prepared = new Set<string>();
  private preparing: string[] = [];

  constructor(client: Client) {
    this.client = client;
    // A parse that succeeded before a later step failed stays prepared, so each one is noted when it is answered.
    (client as unknown as { connection: Wire }).connection.on('parseComplete', () => {
      const name = this.preparing.shift();
      if (name !== undefined) this.prepared.add(name);
    });
  }

  /** Rows that each step affected. Throws StepError for the first one that fails. */
  async run(steps: readonly Step[]): Promise<number[]> {
    if (steps.length === 0) return [];
    return new Promise((resolve, reject) => {
      const affected: number[] = [];
      const submittable: Submittable = {
        submit: (wire) => this.send(wire, steps),
        callback: nothing,
        handleRowDescription: nothing,
        handleDataRow: nothing,
        handleEmptyQuery: nothing,
        handleCommandComplete: (message) => affected.push(Number(/\d+$/.exec(message.text)?.[0] ?? 0)),
        handleError: (error) => {
          this.preparing = [];
          // An error behind the last answer (a lost session) is counted to the last step.
          reject(new StepError(steps[Math.min(affected.length, steps.length - 1)] as Step, error));
        },
        handleReadyForQuery: () => resolve(affected),
      };
      this.client.query(submittable as never);
    });
  }

  private send(wire: Wire, steps: readonly Step[]): void {
    const sent = new Set<string>();
    wire.stream.cork();
    try {
      for (const { statement, values } of steps) {
        if (!this.prepared.has(statement.name) && !sent.has(statement.name)) {
          wire.parse({ name: statement.name, text: statement.text, types: [] });
          this.preparing.push(statement.name);
          sent.add(statement.name);
        }
        wire.bind({ portal: '', statement: statement.name, values, binary: false });
        wire.execute({ portal: '', rows: 0 });
      }
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
  }
}
