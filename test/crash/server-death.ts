import {
  DatabaseMigrationServiceClient,
  DescribeReplicationTasksCommand,
  StartReplicationTaskCommand,
} from '@aws-sdk/client-database-migration-service';
import { setTimeout as sleep } from 'node:timers/promises';
import { administer } from '../../rehearsal/engines/any-engine';
import { addressOf, rehearsalRegion } from '../../rehearsal/local-place';
import type { OperatorRun } from '../../rehearsal/operator';
import type { RehearsalWorld } from '../../rehearsal/world';
import { stoppedAt } from '../rehearsal/stopped-operator';
import type { CrashCase } from './boundary';

const readyWithinMilliseconds = 60_000;

/**
 * A run whose server of one side is killed at the boundary, or soon after it, with its sessions and whatever it held in
 * memory alone. Where it stays away until the operator has ended, somebody tries to recover without it first.
 */
export async function outliveServer(
  world: RehearsalWorld,
  { boundary: { verb, place }, dies, absence }: CrashCase & { readonly dies: 'source' | 'target' },
  tryWithout: () => Promise<void>,
): Promise<OperatorRun> {
  const engine = world.engines[dies];
  const running = await stoppedAt(world, verb, place);
  const goOn = () => process.kill(running.child.processId, 'SIGCONT');
  if (typeof absence === 'number') {
    goOn();
    await sleep(absence);
    await engine.kill();
    await engine.restart();
    return world.operator.end(running);
  }
  await engine.kill();
  if (absence === 'short') await engine.restart();
  goOn();
  const run = await world.operator.end(running);
  if (absence === 'long') {
    await tryWithout();
    await engine.restart();
  }
  return run;
}

/** What people do with a task that has tried to find its server for too long, and that a gate names: it goes on. */
async function startFailedTasks({ place }: RehearsalWorld, said: string): Promise<void> {
  const dms = new DatabaseMigrationServiceClient({
    endpoint: `http://${addressOf(place.endpoint)}`,
    region: rehearsalRegion,
    credentials: { accessKeyId: 'somebody', secretAccessKey: 'else' },
  });
  try {
    const { ReplicationTasks = [] } = await dms.send(new DescribeReplicationTasksCommand({ WithoutSettings: true }));
    for (const { ReplicationTaskIdentifier, ReplicationTaskArn } of ReplicationTasks)
      if (said.includes(`${ReplicationTaskIdentifier} is failed`))
        await dms.send(
          new StartReplicationTaskCommand({ ReplicationTaskArn, StartReplicationTaskType: 'resume-processing' }),
        );
  } finally {
    dms.destroy();
  }
}

/** Where PostgreSQL was killed it has forgotten that its tables were analysed: a gate says what to type. */
async function analyse({ engines, scenario }: RehearsalWorld, remedy: unknown): Promise<void> {
  if (typeof remedy !== 'string' || !remedy.startsWith('ANALYZE ')) return;
  const target = await administer(engines.target, scenario.database);
  await target.query(remedy).finally(() => target.close());
}

/** Replication finds the server again by itself, or with help; until it has, no gate lets a switch begin. */
export async function untilReady(world: RehearsalWorld): Promise<void> {
  for (const deadline = Date.now() + readyWithinMilliseconds; ;) {
    const check = await world.operator.run('check');
    if (check.exitCode === 0) return;
    const errors = check.events.filter(({ level }) => level === 'error');
    const said = errors.map(({ text }) => String(text)).join('; ');
    if (Date.now() > deadline) throw new Error(`not ready for another switch: ${said}`);
    await startFailedTasks(world, said);
    for (const { remedy } of errors) await analyse(world, remedy);
  }
}
