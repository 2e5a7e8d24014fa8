import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rehearsalEnvironmentName } from './local-place';
import type { Environment } from './processes/isolated-environment';
import type { Guardian } from './processes/guardian';
import type { Line } from './processes/output-lines';
import { spawnProcess, type ChildHandle } from './processes/spawn';

/** What one run of the command line left behind: its output is evidence. */
export interface OperatorRun {
  readonly verb: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** NDJSON of standard output, in order. */
  readonly events: readonly Line[];
  readonly standardError: string;
  readonly startedAtMilliseconds: number;
  readonly finishedAtMilliseconds: number;
}

/** A verb that is at work. */
export interface BegunRun {
  readonly verb: string;
  readonly events: Line[];
  readonly child: ChildHandle;
  readonly startedAtMilliseconds: number;
}

export interface OperatorOptions {
  /** Program and first arguments; the command line of this project unless a test wires another. */
  readonly command: readonly string[];
  readonly migration: string;
  readonly environment: Environment;
  readonly runFolder: string;
  readonly guardian: Guardian;
  readonly onEvent?: (verb: string, event: Line) => void;
}

const root = join(__dirname, '..');
/** What an operator types, as a process: the same launcher, nothing of ours inside. */
export const productCommand: readonly string[] = [process.execPath, join(root, 'bin', 'cutover.js')];

/** A person at the command line: every verb is a process of its own, as in production. */
export class OperatorAtWork {
  /** Every run so far, in order: the judge reads them. */
  readonly runs: OperatorRun[];
  private readonly options: OperatorOptions;

  constructor(options: OperatorOptions, runs: OperatorRun[] = []) {
    this.options = options;
    this.runs = runs;
  }

  /** The same place, with another command line: its runs count like all others. */
  with(command: readonly string[]): OperatorAtWork {
    return new OperatorAtWork({ ...this.options, command }, this.runs);
  }

  /** Runs a verb that changes something, confirmed. */
  execute(verb: string, ...rest: string[]): Promise<OperatorRun> {
    const confirm = verb === 'watch' ? [] : ['--confirm', rehearsalEnvironmentName];
    return this.run(verb, '--execute', ...confirm, ...rest);
  }

  async run(verb: string, ...rest: string[]): Promise<OperatorRun> {
    return this.end(this.begin(verb, ...rest));
  }

  /** Waits for the end of what was begun, and counts it. */
  async end({ verb, events, child, startedAtMilliseconds }: BegunRun): Promise<OperatorRun> {
    const exit = await child.exited;
    const run: OperatorRun = {
      verb,
      exitCode: exit.code,
      signal: exit.signal,
      events,
      standardError: readFileSync(child.logFile, 'utf8'),
      startedAtMilliseconds,
      finishedAtMilliseconds: Date.now(),
    };
    this.runs.push(run);
    return run;
  }

  /** Starts a verb and returns at once, for those who want to kill it. */
  begin(verb: string, ...rest: string[]): BegunRun {
    const { command, migration, environment, runFolder, guardian, onEvent } = this.options;
    const events: Line[] = [];
    const child = spawnProcess({
      name: `operator-${verb}`,
      command: [...command, verb, migration, '--environment', rehearsalEnvironmentName, '--json', ...rest],
      environment,
      runFolder,
      guardian,
      onLine: (line) => {
        events.push(line);
        onEvent?.(verb, line);
      },
    });
    return { verb, events, child, startedAtMilliseconds: Date.now() };
  }
}
