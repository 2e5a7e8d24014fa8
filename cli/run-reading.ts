import { check } from '../runbooks/check';
import { checkData } from '../runbooks/check-data';
import { checkReplication } from '../runbooks/check-replication';
import { UsageError } from '../runbooks/ports/failures';
import type { World } from '../runbooks/ports/world';
import { InterruptedError } from '../runbooks/procedure/deadline';
import { GateRefusal } from '../runbooks/procedure/gate-refusal';
import { switchRun } from '../runbooks/procedure/migration-run';
import { planHash, showPlan } from '../runbooks/procedure/plan';
import { readSituation } from '../runbooks/procedure/read-situation';
import type { Situation } from '../runbooks/procedure/situation';
import { isCheckpoint } from '../runbooks/procedure/step';
import { status } from '../runbooks/status';
import type { Invocation } from './context';
import { withGrants } from './denial';
import { failureOf, finish } from './ending';
import { remainingProcedures } from './remaining-procedures';
import { mustBeSteady } from './verbs/mutating';

type Reading = (invocation: Invocation, world: World, situation: Situation) => Promise<{ next: string }>;

const checkGates: Reading = async ({ reporter, interrupt }, world, situation) => {
  if (situation.kind === 'finalized') mustBeSteady('check', situation);
  const run = switchRun(world, reporter, situation.direction, (situation.row?.epoch ?? 0) + 1, situation);
  const procedure = check(run, situation.kind);
  const refusals = await showPlan(procedure, reporter, interrupt, 'asked or refused');
  if (refusals.length > 0) throw new GateRefusal(refusals);
  return { next: procedure.next };
};

/** Its progress stands on standard error: findings alone are its output. */
const checkRows: Reading = async ({ reporter, interrupt, options }, world) => {
  const reasons = await checkData(world, {
    ...{ reporter, throttlePercent: options.throttle ?? 50, signal: interrupt },
    onProgress: ({ table, tableNumber, tables, chunk, rows, findings }) =>
      process.stderr.write(
        `table ${tableNumber} of ${tables}, ${table}: chunk ${chunk}, ${rows} rows looked at, findings so far: ${findings}\n`,
      ),
  });
  if (reasons.length > 0) throw new GateRefusal(reasons);
  return { next: 'cutover check' };
};

const showStatus: Reading = async ({ reporter, interrupt }, world) => {
  const { situation, lock, routes, tasks, window, drift, legacy, idleSlots, byHand, next } = await status(
    world,
    interrupt,
  );
  const lines = [
    `${situation.kind}: ${situation.primary} is primary, writes accepted by ${situation.writesAccepted}`,
    `lock: ${lock}`,
    ...routes,
    ...tasks,
    ...(window ? [window] : []),
    ...(legacy ? [legacy] : []),
  ];
  for (const text of lines) reporter.report({ type: 'progress', text });
  for (const text of drift) reporter.report({ type: 'message', code: 'window-drift', level: 'warning', text });
  for (const text of idleSlots) reporter.report({ type: 'message', code: 'slot-idle', level: 'warning', text });
  byHand.forEach((each, index) => reporter.report({ type: 'by-hand', number: index + 1, ...each }));
  return { next };
};

const showRemaining: Reading = async ({ reporter }, world, situation) => {
  const procedures = remainingProcedures(world, reporter, situation);
  for (const procedure of procedures) {
    reporter.report({
      type: 'progress',
      text: `${procedure.verb}: ${procedure.purpose}`,
      data: { verb: procedure.verb },
    });
    procedure.elements
      .filter((element) => !isCheckpoint(element))
      .forEach((step, index) =>
        reporter.report({
          type: 'plan.step',
          number: index + 1,
          title: step.title,
          touches: 'touches' in step ? step.touches : '',
        }),
      );
  }
  const hash = planHash(procedures, [world.manifest, situation.kind, situation.primary]);
  reporter.report({ type: 'progress', text: `plan ${hash}`, data: { hash } });
  return { next: procedures[0] ? `cutover ${procedures[0].verb}` : 'cutover status' };
};

const readings: Record<string, Reading> = {
  check: checkGates,
  'check-data': checkRows,
  status: showStatus,
  plan: showRemaining,
};

/** A verb that only reads. A contradiction is exit code 6 here too. */
export async function runReading(
  name: 'check' | 'check-data' | 'status' | 'plan',
  invocation: Invocation,
): Promise<number> {
  const { wiring, options, migration, reporter, interrupt } = invocation;
  let situation: Situation | undefined;
  try {
    const world = await wiring.connect({
      environment: options.environment,
      migration,
      mode: 'plan',
      signal: interrupt,
    });
    try {
      reporter.report({
        type: 'run.started',
        verb: name,
        migration,
        environment: options.environment,
        mode: 'plan',
        runId: name,
      });
      situation = await readSituation(world, interrupt);
      if (situation.kind === 'contradictory' && name !== 'status')
        return finish(invocation, name, {
          outcome: 'partial',
          error: new Error(situation.contradictions.join('; ')),
          situation,
          next: 'cutover status',
        });
      const result = await readings[name]?.(invocation, world, situation);
      const outcome = situation.kind === 'contradictory' ? 'partial' : 'done';
      const error = outcome === 'partial' ? new Error(situation.contradictions.join('; ')) : undefined;
      return finish(invocation, name, { outcome, error, situation, next: result?.next });
    } catch (error) {
      throw await withGrants(world, error, interrupt);
    } finally {
      await world.close();
    }
  } catch (error) {
    const isForeign = error instanceof UsageError && error.code === 'engine-not-supported';
    if (name === 'check' && isForeign && wiring.connectReplication) return checkWithoutDatabases(invocation, error);
    const isOver = error instanceof GateRefusal;
    const failure = failureOf(interrupt.aborted && !isOver ? new InterruptedError('interrupted') : error);
    const next = name === 'check-data' && (isOver || interrupt.aborted) ? { next: 'cutover check-data' } : {};
    return finish(invocation, name, { ...failure, ...next, situation });
  }
}

/** Where the runbooks do not speak to a database, DMS and AWS are asked alone, and that is said. */
async function checkWithoutDatabases(invocation: Invocation, why: UsageError): Promise<number> {
  const { wiring, options, migration, reporter, interrupt } = invocation;
  const { environment } = options;
  try {
    const world = await wiring.connectReplication?.({ environment, migration, mode: 'plan', signal: interrupt });
    if (!world) throw why;
    try {
      reporter.report({ type: 'run.started', verb: 'check', migration, environment, mode: 'plan', runId: 'check' });
      reporter.report({
        type: 'message',
        code: 'dms-gates-only',
        level: 'warning',
        text: `${why.message}: what DMS and AWS say is asked, and nothing else; sessions, transactions, schema, sequences and rows are yours to check (docs/deploy.md)`,
      });
      const procedure = await checkReplication(world, interrupt);
      const refusals = await showPlan(procedure, reporter, interrupt, 'asked or refused');
      if (refusals.length > 0) throw new GateRefusal(refusals);
      return finish(invocation, 'check', { outcome: 'done', next: procedure.next });
    } finally {
      await world.close();
    }
  } catch (error) {
    return finish(invocation, 'check', failureOf(error));
  }
}
