import { Journal } from '../runbooks/procedure/journal';
import { switchRun } from '../runbooks/procedure/migration-run';
import { performWith } from '../runbooks/procedure/perform';
import { showPlan } from '../runbooks/procedure/plan';
import { GateRefusal } from '../runbooks/procedure/gate-refusal';
import { readSituation } from '../runbooks/procedure/read-situation';
import { runElements } from '../runbooks/procedure/run-elements';
import type { Situation } from '../runbooks/procedure/situation';
import { pauseWithin } from '../runbooks/procedure/write-pause-budget';
import { budgetOf } from '../runbooks/procedure/budget-of';
import { watch } from '../runbooks/watch';
import type { Invocation } from './context';
import { withGrants } from './denial';
import { failureOf, finish } from './ending';
import { refuse } from './verbs/mutating';

/** Watching takes no lock: it may run beside a switch. With --execute it writes heartbeats. */
export async function runWatch(invocation: Invocation): Promise<number> {
  const { wiring, options, migration, reporter, interrupt } = invocation;
  const mode = options.execute ? 'execute' : 'plan';
  let situation: Situation | undefined;
  try {
    const world = await wiring.connect({ environment: options.environment, migration, mode, signal: interrupt });
    try {
      const runId = `watch-${world.clock.nowMilliseconds()}-${world.nonces.next().slice(0, 8)}`;
      reporter.report({ type: 'run.started', verb: 'watch', migration, environment: options.environment, mode, runId });
      situation = await readSituation(world, interrupt);
      if (situation.kind === 'not started') refuse('watch', situation, 'cutover start');
      const run = switchRun(world, reporter, situation.direction, situation.row?.epoch ?? 0, situation);
      const procedure = watch(run, options.for ?? world.manifest.gates.lagWindowSeconds, situation);
      if (mode === 'plan') {
        const refusals = await showPlan(procedure, reporter, interrupt);
        if (refusals.length > 0) throw new GateRefusal(refusals);
      } else {
        const journal = new Journal({ store: world.journal, clock: world.clock, runId, actor: wiring.operator.name });
        await runElements(
          procedure.elements,
          {
            perform: (signal) => performWith({ journal, reporter, signal, undoing: false }),
            journal,
            reporter,
            clock: world.clock,
            signal: interrupt,
            beginPause: pauseWithin(world.clock, budgetOf(world.manifest)),
          },
          { registered: [], decided: false },
        );
      }
      return finish(invocation, 'watch', { outcome: 'done', situation, next: procedure.next });
    } catch (error) {
      throw await withGrants(world, error, interrupt);
    } finally {
      await world.close();
    }
  } catch (error) {
    return finish(invocation, 'watch', { ...failureOf(error), situation });
  }
}
