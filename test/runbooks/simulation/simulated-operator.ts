import type { Verb } from '../../../cli/verb';
import { mutatingVerbs } from '../../../cli/verbs/mutating';
import { budgetOf } from '../../../runbooks/procedure/budget-of';
import { execute, type RunResult } from '../../../runbooks/procedure/run';
import { pauseWithin } from '../../../runbooks/procedure/write-pause-budget';
import type { SimulatedCloud } from './simulated-cloud';
import { Recorder } from '../procedure/fakes';

export type VerbName = 'start' | 'switch' | 'roll-back' | 'resume' | 'abort' | 'shift-reads';

interface Operated {
  readonly result: RunResult | 'died';
  readonly boundaries: number;
  readonly recorder: Recorder;
}

/** Runs a verb to its end, or to the death of its operator at one boundary. */
export async function operate(cloud: SimulatedCloud, name: VerbName, dies: { at?: number } = {}): Promise<Operated> {
  const verb = mutatingVerbs.find((each) => each.name === name);
  if (!verb) throw new Error(`no verb ${name}`);
  return operateVerb(cloud, verb, dies);
}

/** As `operate`, with a verb of the test's own. */
export async function operateVerb(cloud: SimulatedCloud, verb: Verb, dies: { at?: number } = {}): Promise<Operated> {
  const { name } = verb;
  const { world, died, boundaries } = cloud.operator(dies);
  const recorder = new Recorder();
  const running = execute(
    {
      world,
      verb: name,
      reporter: recorder,
      actor: 'ada',
      interrupt: new AbortController().signal,
      takeOver: verb.takeOver,
      installs: verb.installs,
      beginPause: pauseWithin(world.clock, budgetOf(world.manifest)),
    },
    (situation, epoch) => verb.prepare(world, recorder, situation, epoch),
  );
  const result = await Promise.race([running, died.then((): 'died' => 'died')]);
  return { result, boundaries: boundaries(), recorder };
}

/** A migration that has started and is verified, ready for its first switch. */
export async function startedMigration(cloud: SimulatedCloud): Promise<void> {
  const { result } = await operate(cloud, 'start');
  if (result === 'died' || result.outcome !== 'done') throw new Error(`start ended with ${JSON.stringify(result)}`);
  cloud.source.verifications.push({
    finishedAtMilliseconds: 1_000_000,
    durationMilliseconds: 1,
    rows: 1,
    divergentRows: 0,
    unverifiedTables: [],
  });
}
