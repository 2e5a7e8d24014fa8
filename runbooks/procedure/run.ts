import type { Reporter } from '../ports/operator';
import { answeringSides, type World } from '../ports/world';
import { InterruptedError } from './deadline';
import type { Outcome } from './exit-code';
import { GateRefusal } from './gate-refusal';
import { holdLock, type HeldLock } from './hold-lock';
import { Journal, messageOf } from './journal';
import { performWith } from './perform';
import type { Procedure } from './procedure';
import { readSituation } from './read-situation';
import { runElements, type BeginPause, type Progress } from './run-elements';
import type { Situation } from './situation';
import type { Perform, Step } from './step';
import { DecidedError } from './steps/decide';
import { isStale, takenOver } from './taken-over';
import { tellPeople } from './tell-people';
import { unwind } from './unwind';
import { uploadSpooled } from './upload-spooled';

export interface RunRequest {
  readonly world: World;
  readonly verb: string;
  readonly reporter: Reporter;
  readonly actor: string;
  /** Ends when the operator interrupts. */
  readonly interrupt: AbortSignal;
  /** `resume` and `abort` take a held lock over. */
  readonly takeOver?: boolean;
  /** `start` creates the control schema before anything else can be counted there. */
  readonly installs?: boolean;
  readonly beginPause: BeginPause;
  /** What to type where the run ends in the middle; `resume` unless it could not connect. */
  readonly recovery?: string;
}

/** A procedure made for the situation found under the lock. */
export interface Planned {
  readonly procedure: Procedure;
  /** Runs before any undo; refuses when the decision stands the other way. */
  readonly beforeUnwind?: (perform: Perform, signal: AbortSignal) => Promise<void>;
  /** True when a failed `beforeUnwind` may be passed over: this very run never tried to open the other side. */
  readonly mayUnwindBlind?: () => boolean;
  /** `abort`: nothing is run, these are undone. */
  readonly undoOnly?: readonly Step[];
}

export type Prepare = (situation: Situation, epoch: number) => Planned | 'nothing to do';

export interface RunResult {
  readonly outcome: Outcome;
  readonly error?: unknown;
  readonly situation?: Situation;
  readonly next: string;
}

/** One execution under lock and journal, from taking the lock to the last record. */
export async function execute(request: RunRequest, prepare: Prepare): Promise<RunResult> {
  const { world, verb, reporter, actor } = request;
  const { environment, migration } = world.manifest.identity;
  const command = (name: string) => `cutover ${name} ${migration} --environment ${environment}`;
  const recovery = request.recovery ?? `${command('resume')} --execute`;
  const runId = `${verb}-${new Date(world.clock.nowMilliseconds()).toISOString().replace(/[:.]/g, '')}-${world.nonces.next().slice(0, 8)}`;
  const journal = new Journal({ store: world.journal, clock: world.clock, runId, actor });
  reporter.report({ type: 'run.started', verb, migration, environment, mode: 'execute', runId });

  const progress: Progress = { registered: [], decided: false };
  let lock: HeldLock | undefined;
  let planned: Planned | undefined;
  /** Ends what a step has left to watch beside the others: nothing outlives the run. */
  const over = new AbortController();
  /** Undo has a signal of its own: what interrupts the run must not interrupt its unwinding. */
  const undoSignal = new AbortController().signal;
  const performing = (signal: AbortSignal, undoing = false): Perform =>
    performWith({ journal, reporter, signal, undoing, mustGoOn: () => progress.decided });

  const main = async (): Promise<RunResult> => {
    const wish = { runId, verb, takeOver: request.takeOver ?? false, leaseSeconds: world.manifest.timing.leaseSeconds };
    lock = await holdLock(world.lock, world.clock, wish, request.interrupt);
    const { epoch } = lock;
    const signal = AbortSignal.any([request.interrupt, lock.signal, over.signal]);
    const sides = answeringSides(world);
    journal.adopt(epoch, async () => undefined);
    await journal.append({ type: 'run.started', verb, environment, migration }, signal);
    await uploadSpooled({ store: world.journal, journal, reporter, signal });
    if (request.installs) for (const side of sides) await performing(signal)(side.control.install());
    for (const side of sides) await side.adopt(epoch, signal);
    for (const side of sides) await performing(signal)(side.control.raiseEpoch(epoch));
    journal.adopt(epoch, async (records, head) => {
      await Promise.all(sides.map((side) => side.control.writeJournalHead(runId, records, head, undoSignal)));
    });
    await performing(signal)(world.routing.claim(epoch));

    const situation = await readSituation(world, signal);
    if (situation.kind === 'contradictory')
      return { outcome: 'partial', situation, error: contradiction(situation), next: command('status') };
    const found = prepare(situation, epoch);
    if (found === 'nothing to do') return { outcome: 'done', situation, next: command('status') };
    planned = found;
    if (planned.undoOnly) {
      progress.registered.push(...planned.undoOnly);
      return await goBack(undefined);
    }
    const tools = {
      perform: performing,
      journal,
      reporter,
      clock: world.clock,
      signal,
      beginPause: request.beginPause,
    };
    await runElements(planned.procedure.elements, tools, progress);
    return { outcome: 'done', next: planned.procedure.next };
  };

  const goBack = async (error: unknown): Promise<RunResult> => {
    const perform = performing(undoSignal, true);
    const partial = (cause: unknown): RunResult => ({
      outcome: 'partial',
      error: cause,
      next: recovery,
    });
    try {
      await planned?.beforeUnwind?.(perform, undoSignal);
    } catch (cause) {
      if (isStale(cause)) throw cause;
      const blind = !(cause instanceof DecidedError) && planned?.mayUnwindBlind?.();
      if (!blind)
        return partial(error ? new AggregateError([error, cause], `${messageOf(error)}; ${messageOf(cause)}`) : cause);
    }
    const failed = await unwind(progress.registered, perform, reporter, undoSignal);
    if (failed.length > 0)
      return partial(
        new AggregateError(
          [error, ...failed.map((each) => each.cause)],
          `${error ? `${messageOf(error)}; ` : ''}not undone: ${failed.map((each) => `${each.title} (${each.error})`).join('; ')}`,
        ),
      );
    const outcome = error instanceof InterruptedError ? 'interrupted' : 'unwound';
    return { outcome, error, next: command('check') };
  };

  const afterFailure = async (error: unknown): Promise<RunResult> => {
    const stale = (isStale(error) && (error as Error)) || (lock && (await takenOver(world, lock.epoch)));
    if (stale) return { outcome: 'failed', error: stale, next: command('status') };
    if (await decisionStands()) return { outcome: 'partial', error, next: recovery };
    if (progress.registered.length === 0) {
      if (error instanceof GateRefusal) return { outcome: 'refused', error, next: nextOf(error) ?? command('check') };
      return { outcome: error instanceof InterruptedError ? 'interrupted' : 'failed', error, next: command('status') };
    }
    return goBack(error);
  };

  const decisionStands = async (): Promise<boolean> => {
    if (progress.decided) return true;
    const decides = planned?.procedure.elements.find(
      (element): element is Step => 'decides' in element && element.decides !== undefined,
    );
    if (!decides?.decides || planned?.mayUnwindBlind?.()) return false;
    // The answer to our decision may have been lost: only a clear "no" lets the unwinding claim the other outcome.
    return decides.decides().catch(() => false);
  };

  let result: RunResult;
  try {
    result = await main();
  } catch (error) {
    // An unwinding that meets a successor ends at once, too.
    result = await afterFailure(error).catch((stale: unknown) => afterFailure(stale));
  }
  over.abort(new InterruptedError('the run is over'));
  if (planned && !isStale(result.error))
    await tellPeople(world, { verb, runId }, result, performing(undoSignal, true), reporter);
  const finished = {
    type: 'run.finished',
    verb,
    outcome: result.outcome,
    error: result.error ? messageOf(result.error) : undefined,
  };
  if (lock) await journal.append(finished, undoSignal, true).catch(() => undefined);
  const left = await lock?.release().catch((cause: unknown) => cause);
  if (left !== undefined && !isStale(result.error)) {
    reporter.report({
      type: 'message',
      code: 'lock-left',
      level: 'warning',
      text: `the lock is still held by this run, which has ended: ${messageOf(left)}`,
    });
    result = { ...result, next: recovery };
  }
  return {
    ...result,
    situation: await readSituation(world, AbortSignal.timeout(10_000)).catch(() => result.situation),
  };
}

const nextOf = (refusal: GateRefusal) => refusal.reasons.find((reason) => reason.next)?.next;

const contradiction = (situation: Situation) => new Error(`contradictory: ${situation.contradictions.join('; ')}`);
