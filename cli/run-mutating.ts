import type { World } from '../runbooks/ports/world';
import { budgetOf } from '../runbooks/procedure/budget-of';
import { InterruptedError } from '../runbooks/procedure/deadline';
import { GateRefusal } from '../runbooks/procedure/gate-refusal';
import { lockHeld } from '../runbooks/procedure/hold-lock';
import { showPlan } from '../runbooks/procedure/plan';
import { readSituation } from '../runbooks/procedure/read-situation';
import { execute } from '../runbooks/procedure/run';
import type { Situation } from '../runbooks/procedure/situation';
import { pauseWithin } from '../runbooks/procedure/write-pause-budget';
import { endOf, type End } from './by-hand';
import { checkConfirmation, confirmed } from './confirmation';
import type { Invocation } from './context';
import { withGrants } from './denial';
import { failureOf, finish } from './ending';
import type { Verb } from './verb';

/** Default changes nothing: gates are asked, steps are named. */
async function plan(
  verb: Verb,
  invocation: Invocation,
  world: World,
  situation: Situation,
): Promise<'nothing to do' | 'planned'> {
  const { reporter, migration, options, interrupt } = invocation;
  reporter.report({
    type: 'run.started',
    verb: verb.name,
    migration,
    environment: options.environment,
    mode: 'plan',
    runId: 'plan',
  });
  const planned = verb.prepare(world, reporter, situation, (situation.row?.epoch ?? 0) + 1);
  if (planned === 'nothing to do') return planned;
  const { procedure } = planned;
  reporter.report({ type: 'progress', text: `at the end: ${procedure.purpose}` });
  reporter.report({ type: 'progress', text: `impact: ${procedure.impact}` });
  if (planned.undoOnly) {
    planned.undoOnly.forEach((step, index, all) => {
      const undone = all[all.length - 1 - index];
      if (undone?.undo)
        reporter.report({
          type: 'plan.step',
          number: index + 1,
          title: `undo: ${undone.title}`,
          touches: undone.touches,
        });
    });
  } else {
    const refusals = await showPlan(procedure, reporter, interrupt);
    if (refusals.length > 0) throw new GateRefusal(refusals);
  }
  return 'planned';
}

/** One mutating verb: plan, confirmation, execution, last words. */
export async function runMutating(verb: Verb, invocation: Invocation): Promise<number> {
  const { wiring, options, migration, reporter, interrupt } = invocation;
  const { mayBeLost } = verb;
  const request = { environment: options.environment, migration, signal: interrupt, mayBeLost };
  let situation: Situation | undefined;
  let failure: End | undefined;
  let agreed = true;
  const orInterruption = (error: unknown) => (interrupt.aborted ? new InterruptedError('interrupted') : error);
  try {
    checkConfirmation(invocation, verb.name);
    const reading = await wiring.connect({ ...request, mode: 'plan' });
    try {
      situation = await readSituation(reading, interrupt);
      if (situation.kind === 'contradictory')
        return finish(invocation, verb.name, {
          outcome: 'partial',
          error: new Error(situation.contradictions.join('; ')),
          situation,
          next: 'cutover status',
        });
      const lock = await reading.lock.read(interrupt);
      const held = verb.takeOver === true && lock?.holder !== undefined;
      // Before the plan: what a run in the middle has changed is no reason to send its operator's colleague to `resume`.
      if (lock?.holder && !verb.takeOver && (options.execute || situation.kind === 'switching'))
        throw lockHeld(lock, reading.clock.nowMilliseconds(), reading.manifest.timing.leaseSeconds);
      if (lock?.holder && verb.takeOver)
        reporter.report({
          type: 'message',
          code: 'takes-over',
          level: 'warning',
          text: `takes the migration over from ${lock.holder.name}, who has been running ${lock.holder.verb} since ${lock.holder.takenAt} (last sign of life ${lock.holder.renewedAt}); that run is refused from then on`,
        });
      await verb.look?.(reading, situation, invocation);
      const found = await plan(verb, invocation, reading, situation);
      if (found === 'nothing to do' && !held)
        return finish(invocation, verb.name, { outcome: 'done', situation, next: 'cutover status' });
      if (!options.execute) {
        reporter.report({
          type: 'message',
          code: 'plan-only',
          level: 'info',
          text: 'nothing was changed; add --execute to act',
        });
        return finish(invocation, verb.name, {
          outcome: 'done',
          situation,
          next: `cutover ${verb.name} ${migration} --environment ${options.environment} --execute${verb.arguments?.() ?? ''}`,
        });
      }
      agreed = (await verb.agree?.(reading, situation, invocation)) ?? true;
    } catch (thrown) {
      const error = await withGrants(reading, thrown, interrupt);
      failure = await endOf(reading, { ...failureOf(orInterruption(error)), situation }, verb.recovery?.(invocation));
      throw error;
    } finally {
      await reading.close();
    }
    if (!agreed || !(await confirmed(invocation)))
      return finish(invocation, verb.name, { outcome: 'declined', situation });
    interrupt.throwIfAborted();

    const world = await wiring.connect({ ...request, mode: 'execute', signal: new AbortController().signal });
    try {
      const result = await execute(
        {
          world,
          verb: verb.name,
          reporter,
          actor: wiring.operator.name,
          interrupt,
          takeOver: verb.takeOver,
          installs: verb.installs,
          recovery: verb.recovery?.(invocation),
          beginPause: pauseWithin(world.clock, budgetOf(world.manifest)),
        },
        (found, epoch) => verb.prepare(world, reporter, found, epoch),
      );
      return finish(invocation, verb.name, await endOf(world, result, verb.recovery?.(invocation)));
    } finally {
      await world.close();
    }
  } catch (error) {
    return finish(invocation, verb.name, {
      ...(failure ?? failureOf(orInterruption(error))),
      situation,
    });
  }
}
