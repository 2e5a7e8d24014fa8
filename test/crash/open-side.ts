import { mysqlGate } from '../../rehearsal/application-workload/mysql-gate';
import { administer } from '../../rehearsal/engines/any-engine';
import { administeredDatabase } from '../../rehearsal/shapes/administered-database';
import type { RehearsalWorld } from '../../rehearsal/world';
import { mayEventRun } from './application-event';

async function isOpen(world: RehearsalWorld, side: 'source' | 'target'): Promise<boolean> {
  const { engines, scenario } = world;
  const { write } = scenario.accounts;
  if (engines[side].family === 'mysql') {
    const gate = await mysqlGate(administeredDatabase(world, side), [...write])();
    return (await gate.sample().finally(() => gate.close())).unlocked.length > 0;
  }
  const client = await administer(engines[side], scenario.database);
  const names = write.map((name) => `'${name}'`).join(', ');
  const roles = `SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname IN (${names})`;
  return (await client.query(roles).finally(() => client.close())).length > 0;
}

/**
 * The one side whose engine lets the application's write accounts log in.
 * @throws Error when it is not exactly one, or when the source's own event writes on another
 */
export async function openSide(world: RehearsalWorld): Promise<'source' | 'target'> {
  const [source, target] = await Promise.all([isOpen(world, 'source'), isOpen(world, 'target')]);
  if (source === target) throw new Error(`writes are accepted by: ${source ? 'source, target' : 'nobody'}`);
  const runs = await mayEventRun(world);
  if (runs !== undefined && runs !== source)
    throw new Error(
      `the event of the source ${runs ? 'runs' : 'is disabled'}, and the ${source ? 'source' : 'target'} is open`,
    );
  return source ? 'source' : 'target';
}
