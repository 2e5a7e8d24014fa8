import type { Direction, Manifest, SideName } from '../../../definition/manifest/sections';
import type { Clock } from '../../../runbooks/ports/clock';
import type { Effect } from '../../../runbooks/ports/effect';
import { StaleEpochError } from '../../../runbooks/ports/failures';
import type { MigrationLock } from '../../../runbooks/ports/lock';
import type { ReplicationTask } from '../../../runbooks/ports/replication';
import type { Routing, Weights } from '../../../runbooks/ports/routing';
import { lostDatabase } from '../../../runbooks/adapters/lost-side';
import type { LostSide, World } from '../../../runbooks/ports/world';
import { databaseOn, SimulatedSide } from './simulated-side';
import { FakeClock } from '../procedure/fakes';
import { simulatedManifest } from './simulated-manifest';

interface SimulatedTask {
  readonly direction: Direction;
  running: boolean;
  hasRun: boolean;
  position: number;
}

/** Both databases, replication, routing and clients of one migration in memory. Operators come and go. */
export class SimulatedCloud {
  readonly source = new SimulatedSide('source');
  readonly target = new SimulatedSide('target');
  readonly tasks: Record<'load' | 'forward' | 'reverse', SimulatedTask> = {
    load: { direction: 'forward', running: false, hasRun: false, position: 0 },
    forward: { direction: 'forward', running: false, hasRun: false, position: 0 },
    reverse: { direction: 'reverse', running: false, hasRun: false, position: 0 },
  };
  weights = new Map<string, Weights>();
  parameters = new Map<string, Weights>();
  counter = 0;
  lock: { epoch: number; runId?: string } = { epoch: 0 };
  /** Every row that a client was told is committed, and where. */
  readonly acknowledged: { id: string; side: SideName; at: number }[] = [];
  readonly violations: string[] = [];
  readonly manifest: Manifest = simulatedManifest;
  readonly records: string[] = [];
  private written = 0;
  private nonce = 0;
  private readonly clock = new FakeClock();

  constructor() {
    // Nobody was let in there yet.
    this.target.unlocked = false;
    this.target.fencedByUs = true;
    for (const record of this.manifest.routing.records) {
      this.weights.set(record.name, { source: 255, target: 0 });
      this.parameters.set(record.name, { source: 255, target: 0 });
    }
  }

  side = (name: SideName): SimulatedSide => this[name];

  /** Clients write wherever they are let in, however they got there; replication moves on a little. */
  tick = (): void => {
    const open = [this.source, this.target].filter((side) => side.unlocked && !side.gone);
    if (open.length > 1 && this.source.installed) this.violations.push('both sides accept writes');
    for (const side of open) {
      const id = `row-${(this.written += 1)}`;
      const at = this.clock.nowMilliseconds();
      side.commit({ kind: 'application', id, at });
      this.acknowledged.push({ id, side: side.name, at });
    }
    this.replicate();
  };

  private replicate(): void {
    for (const task of Object.values(this.tasks)) {
      if (!task.running) continue;
      const [from, to] = task.direction === 'forward' ? [this.source, this.target] : [this.target, this.source];
      if (from.gone || to.gone) continue;
      // One entry a tick: the lag is real.
      const entry = from.log[task.position];
      if (!entry) continue;
      task.position += 1;
      if (entry.kind !== 'application' && entry.direction !== task.direction) continue;
      if (entry.kind === 'application' && to.has(entry.id))
        this.violations.push(`${entry.id} applied twice on the ${to.name}`);
      to.commit({ ...entry, broughtBy: task.direction });
    }
  }

  /** Rows that clients were told of and that the primary does not hold. */
  missing(primary: SideName): { id: string; side: SideName; at: number }[] {
    const rows = new Set(this.side(primary).log.map((entry) => entry.id));
    return this.acknowledged.filter(({ id }) => !rows.has(id));
  }

  /** What is not as it must be once a migration has come to rest. */
  faults(primary: SideName): string[] {
    const lost = this.missing(primary).map(({ id, side }) => `${id} of the ${side} is lost`);
    return [...this.violations, ...lost];
  }

  /** The world as one operator holds it. After `dies` nothing it asks is ever answered. */
  operator(dies: { at?: number } = {}): { world: World; died: Promise<void>; boundaries: () => number } {
    let dead = false;
    let boundaries = 0;
    let announce: () => void = () => undefined;
    const died = new Promise<void>((resolve) => (announce = resolve));
    const now = () => this.clock.nowMilliseconds();
    const clock: Clock = {
      nowMilliseconds: now,
      sleep: async (milliseconds, signal) => {
        await alive();
        await this.clock.sleep(milliseconds, signal);
        await alive();
        this.tick();
      },
    };
    const alive = (): Promise<void> => (dead ? new Promise<void>(() => undefined) : Promise.resolve());
    const world: World = {
      manifest: this.manifest,
      ...this.sides(now),
      tasks: { load: this.task('load'), forward: this.task('forward'), reverse: this.task('reverse') },
      routing: this.routing(),
      names: {
        ask: async (name) => [{ server: 'a', endpoint: this.answer(name), addresses: ['127.0.0.1'] }],
        resolve: async (name) => ({ server: 'a', endpoint: this.answer(name), addresses: ['127.0.0.1'] }),
      },
      writers: [],
      surroundings: {
        callerAccount: async () => '000000000000',
        ringingAlarms: async () => [],
        backupRetentionDays: async () => 7,
        secretChangedAtMilliseconds: async () => 0,
        takeSnapshot: () => already('snapshot'),
      },
      notifier: { notify: () => already('notify') },
      lock: this.migrationLock(),
      journal: {
        append: async (_runId, _number, text) => {
          await alive();
          const { type } = JSON.parse(text) as { type: string };
          // Killed between the record of the intent and the call, or between the call and the record of its outcome.
          if (type === 'effect.intent' || type === 'effect.outcome') {
            if (boundaries === dies.at) {
              dead = true;
              announce();
              return alive();
            }
            boundaries += 1;
          }
          this.records.push(text);
          this.tick();
        },
        read: async () => this.records,
        spool: async () => undefined,
        uploadSpooled: async () => [],
      },
      clock,
      nonces: { next: () => `nonce-${(this.nonce += 1)}` },
      close: async () => undefined,
    };
    return { world, died, boundaries: () => boundaries };
  }

  private sides(now: () => number): Pick<World, 'sides' | 'lost'> {
    const sides = {
      source: databaseOn(this.source, now, this.tick),
      target: databaseOn(this.target, now, this.tick),
    };
    const gone = [this.source, this.target].find((side) => side.gone);
    if (!gone) return { sides };
    const lost: LostSide = { side: gone.name, why: 'gone', answers: async () => !gone.gone };
    return { sides: { ...sides, [gone.name]: lostDatabase(lost) }, lost };
  }

  private answer(name: string): string | undefined {
    const record = this.manifest.routing.records.find((each) => each.name === name);
    const weights = this.weights.get(name);
    return record?.[weights && weights.target > weights.source ? 'target' : 'source'].value;
  }

  private task(name: 'load' | 'forward' | 'reverse'): ReplicationTask {
    const task = this.tasks[name];
    const starting = (position: () => number): Effect => ({
      name: `start-${name}`,
      touches: name,
      precheck: async () => task.running,
      act: async () => Object.assign(task, { running: true, hasRun: true, position: position() }) && undefined,
      verify: async () => task.running,
    });
    return {
      identifier: name,
      read: async () => ({
        status: task.running ? 'running' : task.hasRun ? 'stopped' : 'ready',
        tablesErrored: 0,
        hasRun: task.hasRun,
      }),
      tables: async () => [{ table: 'public.t', state: 'Table completed', fullLoadRows: 0 }],
      latency: async () => ({
        sourceSeconds: 0,
        targetSeconds: 0,
        measuredAtMilliseconds: this.clock.nowMilliseconds(),
      }),
      startLoad: () => starting(() => 0),
      startFrom: (position) => starting(() => Number(position())),
      stop: () => ({
        name: `stop-${name}`,
        touches: name,
        precheck: async () => !task.running,
        act: async () => void (task.running = false),
        verify: async () => !task.running,
      }),
    };
  }

  private routing(): Routing {
    let mine: number | undefined;
    const count = () => {
      if (mine !== this.counter) throw new StaleEpochError('the counter is taken');
      mine = this.counter += 1;
    };
    const set = (
      name: string,
      place: Map<string, Weights>,
      wanted: ReadonlyMap<string, Weights>,
      counted: boolean,
    ): Effect => {
      const isTrue = async () =>
        [...wanted].every(([record, weights]) => JSON.stringify(place.get(record)) === JSON.stringify(weights));
      return {
        name,
        touches: name,
        precheck: isTrue,
        act: async () => {
          if (counted) count();
          for (const [record, weights] of wanted) place.set(record, weights);
        },
        verify: isTrue,
      };
    };
    return {
      read: async () =>
        this.manifest.routing.records.map((record) => ({
          record,
          weights: this.weights.get(record.name),
          parameterWeights: this.parameters.get(record.name),
          ttlSeconds: 1,
          hasHealthCheck: false,
        })),
      claim: () => ({
        name: 'claim-routes',
        touches: 'counter',
        precheck: async () => false,
        act: async () => void (mine = this.counter += 1),
        verify: async () => mine === this.counter,
      }),
      shift: (name, weights) => set(name, this.weights, weights, true),
      recordWeights: (name, weights) => set(name, this.parameters, weights, false),
      isInSync: async () => true,
      stacksUpdating: async () => [],
    };
  }

  private migrationLock(): MigrationLock {
    let runId: string | undefined;
    const reading = () => ({
      epoch: this.lock.epoch,
      holder: this.lock.runId
        ? { name: 'ada', runId: this.lock.runId, verb: 'switch', takenAt: 'then', renewedAt: 'then' }
        : undefined,
    });
    return {
      read: async () => reading(),
      take: async (wish) => {
        if (this.lock.runId && !wish.takeOver) return { taken: false, reading: reading() };
        runId = wish.runId;
        this.lock = { epoch: this.lock.epoch + 1, runId };
        return { taken: true, epoch: this.lock.epoch };
      },
      renew: async () => this.lock.runId === runId,
      release: async () => {
        if (this.lock.runId === runId) this.lock = { epoch: this.lock.epoch };
      },
    };
  }
}

const already = (name: string): Effect => ({
  name,
  touches: name,
  precheck: async () => true,
  act: async () => undefined,
  verify: async () => true,
});
