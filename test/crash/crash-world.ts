import { followAdvice } from '../../rehearsal/advice';
import { rehearsalEnvironmentName } from '../../rehearsal/local-place';
import type { OperatorRun } from '../../rehearsal/operator';
import type { Scenario } from '../../rehearsal/scenarios/scenario';
import { startWorld, type RehearsalWorld } from '../../rehearsal/world';
import { operatorCommand, quickPace, quickTimes, judgementOf, violations } from '../rehearsal/small-rehearsal';
import { scheduleEvent } from './application-event';
import { outliveServer, untilReady } from './server-death';
import { openSide } from './open-side';
import type { CrashCase, Mover } from './boundary';

/** Between death and recovery stands the start of a process: the pause is what a person would need, made short. */
const times = {
  ...quickTimes,
  gates: { ...quickTimes.gates, lagWindowSeconds: 1, maxWritePauseSeconds: 60 },
  timing: { ...quickTimes.timing, bakeSeconds: 0.5, drainTimeoutSeconds: 30 },
};

const sideAfter: Record<Mover, 'source' | 'target'> = { switch: 'target', 'roll-back': 'source' };
const other = { source: 'target', target: 'source' } as const;
const lastOf = (run: OperatorRun) => run.events.findLast((event) => event['type'] === 'run.finished');
const isCommand = (next: unknown) => typeof next === 'string' && /^cutover [a-z-]+ \S+ --environment /.test(next);
const hasDecided = (run: OperatorRun) =>
  run.events.some(
    ({ type, name, phase }) => type === 'effect' && String(name).startsWith('decide-open-') && phase === 'applied',
  );

const tale = (run: OperatorRun) => {
  const messages = run.events.filter((event) => event['type'] === 'message' || event['type'] === 'run.finished');
  return `${run.verb} (exit code ${run.exitCode}, signal ${run.signal}): ${messages.map((each) => JSON.stringify(each)).join(' ')} ${run.standardError.trim().split('\n').slice(-5).join(' ')}`;
};

/** Where a world begins, and with which server for a MySQL side. */
export interface CrashPlace {
  readonly scenario: Scenario;
  readonly mysqlServer?: string;
}

/** One small world with clients that write, in which operators and servers are killed one after the other. */
export class CrashWorld {
  private readonly world: RehearsalWorld;

  private constructor(world: RehearsalWorld) {
    this.world = world;
  }

  static async start(place: CrashPlace): Promise<CrashWorld> {
    const world = await startWorld({ ...place, pace: quickPace, times });
    try {
      await followAdvice(world);
      await scheduleEvent(world);
      await world.startWorkload();
      const crashWorld = new CrashWorld(world);
      for (const verb of ['start', 'verify']) await crashWorld.succeed(verb);
      return crashWorld;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  primary(): Promise<'source' | 'target'> {
    return openSide(this.world);
  }

  /** The verb that fits where the world stands now. */
  async nextMover(): Promise<Mover> {
    return (await this.primary()) === 'source' ? 'switch' : 'roll-back';
  }

  /** Runs a verb to its good end. */
  async succeed(verb: string): Promise<OperatorRun> {
    const run = await this.world.operator.with(operatorCommand('counting-operator')).execute(verb);
    if (run.exitCode !== 0) throw new Error(`not as it should: ${tale(run)}`);
    return run;
  }

  /** Kills, recovers, and looks: what was not as promised, in words. */
  async survive(each: CrashCase): Promise<string[]> {
    const { boundary, recovery, secondDeath } = each;
    const { operator } = this.world;
    const wrong: string[] = [];
    const to = sideAfter[boundary.verb];

    const ended = await this.disturbed(each, wrong);
    const isDecided = boundary.isDecided || hasDecided(ended);
    // What a server that dies in the middle of it has still committed is its word alone.
    const expected = isDecided ? to : typeof each.absence === 'number' ? undefined : other[to];

    if (secondDeath) {
      const second = await operator.with(operatorCommand('dying-operator', secondDeath)).execute(recovery);
      // A recovery may be over before it comes to that many effects.
      if (second.signal !== 'SIGKILL' && second.exitCode !== 0 && second.exitCode !== 5) wrong.push(tale(second));
    } else {
      const told = lastOf(await operator.run('status'));
      if ((expected && told?.['primary'] !== expected) || !isCommand(told?.['next']))
        wrong.push(`after the kill, status says ${JSON.stringify(told)}; ${expected ?? 'one side'} is primary`);
    }

    const end = await operator.execute(secondDeath ? 'resume' : recovery);
    // Who has died himself has undone nothing; who outlives a server may have left nothing to do.
    const undone = boundary.isUnderWay && !isDecided ? 5 : 0;
    const allowed = secondDeath ? [0, 5] : each.dies === 'operator' ? [undone] : [0, undone];
    if (!allowed.includes(end.exitCode ?? -1)) wrong.push(`allowed is exit code ${allowed.join(' or ')}: ${tale(end)}`);
    const primary = await this.primary();
    if (expected && primary !== expected) wrong.push(`the ${primary} accepts writes, it should be the ${expected}`);
    const last = lastOf(end);
    if (last?.['primary'] !== primary || last['writesAccepted'] !== primary || !isCommand(last['next']))
      wrong.push(`the last lines say ${JSON.stringify(last)}; the ${primary} is primary and accepts writes`);
    if (each.dies !== 'operator') await untilReady(this.world);
    return wrong;
  }

  /** The run in which somebody dies. */
  private async disturbed(each: CrashCase, wrong: string[]): Promise<OperatorRun> {
    const { world } = this;
    const { boundary, dies, recovery } = each;
    if (dies !== 'operator') {
      const run = await outliveServer(world, { ...each, dies }, async () => {
        const early = await world.operator.execute(recovery);
        if ([0, 5, null].includes(early.exitCode)) wrong.push(`without the ${dies}: ${tale(early)}`);
      });
      if (run.exitCode === null || !isCommand(lastOf(run)?.['next']))
        wrong.push(`says nothing to do next: ${tale(run)}`);
      return run;
    }
    const killed = await world.operator.with(operatorCommand('dying-operator', boundary.place)).execute(boundary.verb);
    if (killed.signal !== 'SIGKILL') wrong.push(`was not killed there: ${tale(killed)}`);
    return killed;
  }

  /** Ends the clients and asks the judge about all that has happened here. */
  async judged(): Promise<string[]> {
    return violations(await judgementOf(this.world)).map(
      ([name, { evidence }]) => `${name} violated in ${rehearsalEnvironmentName}: ${evidence.join('; ')}`,
    );
  }

  close(): Promise<void> {
    return this.world.close();
  }
}
