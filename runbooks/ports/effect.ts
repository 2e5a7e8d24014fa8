/**
 * One mutating call to the outside world, as a value: nothing happens until `procedure/perform.ts` executes it, which
 * journals it before and after. Every method may be called again after a crash.
 */
export interface Effect {
  /** Stable kebab-case name, e.g. `fence-source`: journal, crash tests and the operator know the effect by it. */
  readonly name: string;
  /** What it touches, for the plan and the journal; no secrets. */
  readonly touches: string;
  /** Is the world already as wanted? Reads only. */
  precheck(signal: AbortSignal): Promise<boolean>;
  act(signal: AbortSignal): Promise<void>;
  /** Is the world as wanted now? Reads only; false after `act` is a failure of the effect. */
  verify(signal: AbortSignal): Promise<boolean>;
}
