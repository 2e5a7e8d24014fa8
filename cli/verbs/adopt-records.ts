import { planAdoption, type AdoptionPlan } from '../../runbooks/adopt-records';
import type { AdoptionWorld } from '../../runbooks/ports/record-adoption';
import { InterruptedError } from '../../runbooks/procedure/deadline';
import { GateRefusal } from '../../runbooks/procedure/gate-refusal';
import { lockHeld } from '../../runbooks/procedure/hold-lock';
import { Journal, messageOf } from '../../runbooks/procedure/journal';
import { performWith } from '../../runbooks/procedure/perform';
import { checkConfirmation, confirmed } from '../confirmation';
import type { Invocation } from '../context';
import { failureOf, finish } from '../ending';

const verb = 'adopt-records';

/** Turns simple records into the weighted ones that a deploy can join, and afterwards takes what it made away again. */
export async function adoptRecords(invocation: Invocation): Promise<number> {
  const { wiring, options, migration, reporter, interrupt } = invocation;
  const request = { environment: options.environment, migration, signal: interrupt };
  try {
    checkConfirmation(invocation, verb);
    if (!wiring.connectAdoption) throw new Error('adopt-records is not wired');
    const reading = await wiring.connectAdoption({ ...request, mode: 'plan' });
    try {
      const { environment } = options;
      reporter.report({ type: 'run.started', verb, migration, environment, mode: 'plan', runId: 'plan' });
      const plan = await planned(reading, interrupt);
      show(plan, invocation);
      if (!acts(plan)) return finish(invocation, verb, { outcome: 'done', next: afterwards(plan, invocation) });
      if (!options.execute) {
        const text = 'nothing was changed; add --execute to act';
        reporter.report({ type: 'message', code: 'plan-only', level: 'info', text });
        return finish(invocation, verb, { outcome: 'done', next: `cutover ${verb} --execute` });
      }
    } finally {
      await reading.close();
    }
    if (!(await confirmed(invocation))) return finish(invocation, verb, { outcome: 'declined' });
    interrupt.throwIfAborted();
    const world = await wiring.connectAdoption({ ...request, mode: 'execute' });
    try {
      const plan = await execute(world, invocation);
      return finish(invocation, verb, { outcome: 'done', next: afterwards(plan, invocation) });
    } finally {
      await world.close();
    }
  } catch (error) {
    const failure = failureOf(interrupt.aborted ? new InterruptedError('interrupted') : error);
    // The gates of a switch have nothing to say of this.
    const isAboutRecords = error instanceof GateRefusal && error.reasons.every(({ code }) => code !== 'lock-held');
    const next = isAboutRecords ? `cutover ${verb}` : failure.next;
    return finish(invocation, verb, { ...failure, next });
  }
}

const acts = ({ toAdopt, toRemove }: AdoptionPlan): boolean => toAdopt.length + toRemove.length > 0;

/** @throws GateRefusal while a runbook holds the migration, or where a record stands as no adoption expects it */
async function planned(world: AdoptionWorld, signal: AbortSignal): Promise<AdoptionPlan> {
  const lock = await world.readLock(signal);
  const { timing, routing } = world.manifest;
  if (lock?.holder) throw lockHeld(lock, world.clock.nowMilliseconds(), timing.leaseSeconds);
  const plan = planAdoption(routing.records, await world.adoption.read(signal));
  if (plan.refusals.length > 0) throw new GateRefusal(plan.refusals);
  return plan;
}

function show({ toAdopt, toRemove, awaitingDeploy, settled }: AdoptionPlan, { reporter }: Invocation): void {
  const steps = [
    ...toAdopt.map(({ name, value, ttlSeconds = 0, newTtlSeconds }) => ({
      title: `${name} becomes a weighted record with the same answer, ${value}; its TTL of ${ttlSeconds} s becomes ${newTtlSeconds} s`,
      touches: 'Route 53: DELETE and CREATE in one change batch',
    })),
    ...toRemove.map((name) => ({
      title: `${name} keeps its weighted pair alone, which answers alike`,
      touches: 'Route 53: DELETE of what was adopted',
    })),
  ];
  steps.forEach((step, index) => reporter.report({ type: 'plan.step', number: index + 1, ...step }));
  for (const name of awaitingDeploy)
    reporter.report({ type: 'progress', text: `${name}: the deploy makes its pair, then ${verb} once more` });
  for (const name of settled) reporter.report({ type: 'progress', text: `${name}: its weighted pair stands` });
}

/**
 * Takes no lock: a lock is where a migration begins, and each batch deletes word by word what was read, so that a second
 * operator's is refused whole.
 */
async function execute(world: AdoptionWorld, { wiring, migration, options, reporter, interrupt }: Invocation) {
  const { clock, adoption } = world;
  const startedAt = new Date(clock.nowMilliseconds()).toISOString().replace(/[:.]/g, '');
  const runId = `${verb}-${startedAt}-${world.nonces.next().slice(0, 8)}`;
  const { environment } = options;
  const journal = new Journal({ store: world.journal, clock, runId, actor: wiring.operator.name });
  const plan = await planned(world, interrupt);
  reporter.report({ type: 'run.started', verb, migration, environment, mode: 'execute', runId });
  await journal.append({ type: 'run.started', verb, environment, migration }, interrupt);
  const perform = performWith({ journal, reporter, signal: interrupt, undoing: false });
  const finished = async (outcome: string, error?: string) =>
    journal.append({ type: 'run.finished', verb, outcome, error }, new AbortController().signal, true);
  try {
    if (plan.toAdopt.length > 0) await perform(adoption.makeWeighted(plan.toAdopt.map(({ name }) => name)));
    if (plan.toRemove.length > 0) await perform(adoption.removeAdopted(plan.toRemove));
  } catch (error) {
    await finished('failed', messageOf(error)).catch(() => undefined);
    throw error;
  }
  await finished('done');
  if (plan.toAdopt.length > 0)
    reporter.report({ type: 'progress', text: `after the deploy, ${verb} once more takes away what it has made` });
  return plan;
}

const afterwards = (plan: AdoptionPlan, { options, migration }: Invocation): string =>
  plan.toAdopt.length + plan.awaitingDeploy.length > 0
    ? `npx cdk deploy ${options.environment}/${migration}-routing, then cutover ${verb} ${migration} --environment ${options.environment} once more`
    : 'cutover check';
