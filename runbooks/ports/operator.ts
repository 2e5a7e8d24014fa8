/** The person at the terminal. */
export interface Operator {
  readonly name: string;
  /** True when somebody can be asked. */
  readonly isInteractive: boolean;
  /** Asks a question and returns what was typed. */
  ask(question: string, signal: AbortSignal): Promise<string>;
}

/** One line of output; rendering is the command line's business. */
export type ProcedureEvent =
  | {
      type: 'run.started';
      verb: string;
      migration: string;
      environment: string;
      mode: 'plan' | 'execute';
      runId: string;
    }
  | {
      type: 'gate';
      title: string;
      kind: 'safety' | 'quality';
      answer: 'yes' | 'no' | 'would check' | 'cannot check';
      detail?: string;
      reason?: import('./reason').Reason;
    }
  | { type: 'plan.step'; number: number; title: string; touches: string }
  | { type: 'step.started'; number: number; title: string; part?: string }
  | { type: 'step.finished'; number: number; title: string; part?: string; milliseconds: number; skipped: boolean }
  | { type: 'effect'; name: string; phase: 'intent' | 'applied' | 'already' | 'failed' }
  | { type: 'progress'; text: string; data?: Record<string, unknown> }
  | {
      type: 'message';
      code: string;
      level: 'info' | 'warning' | 'error';
      text: string;
      /** What a person does about it: a statement, a command or a sentence. */
      remedy?: string;
      /** Of a gate that said no: value, limit, unit, setting, and what more a program needs. */
      reason?: import('./reason').Reason;
    }
  /** To be done by hand, where no runbook can: SQL or a command, word by word. */
  | { type: 'by-hand'; number: number; title: string; text: string }
  | {
      type: 'run.finished';
      verb: string;
      outcome: string;
      exitCode: number;
      primary?: string;
      writesAccepted?: string;
      next?: string;
    };

export interface Reporter {
  report(event: ProcedureEvent): void;
}
