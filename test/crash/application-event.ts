import { administer } from '../../rehearsal/engines/any-engine';
import type { RehearsalWorld } from '../../rehearsal/world';

/** A writer inside a MySQL server: no login, no name server and no stack moves it. */
const name = 'tick';

/** Lets the source itself write once a second, where it can. */
export async function scheduleEvent({ engines, scenario }: RehearsalWorld): Promise<void> {
  const { source } = engines;
  if (source.family !== 'mysql') return;
  const session = await administer(source, scenario.database);
  const [writer = ''] = scenario.accounts.write;
  try {
    await session.query(
      `CREATE DEFINER = '${writer}'@'%' EVENT ${name} ON SCHEDULE EVERY 1 SECOND DO
         INSERT INTO visits (owner_id, pet_number) VALUES (1, 1);
       GRANT EVENT ON ${scenario.database}.* TO '${writer}'@'%';
       GRANT ${source.product === 'mariadb' ? 'SET USER' : 'SET_ANY_DEFINER'} ON *.* TO 'cutover_runbook'@'%';
       SET GLOBAL event_scheduler = ON`,
    );
  } finally {
    await session.close();
  }
}

/** Whether it may run; undefined where there is none. */
export async function mayEventRun({ engines, scenario }: RehearsalWorld): Promise<boolean | undefined> {
  if (engines.source.family !== 'mysql') return undefined;
  const session = await administer(engines.source, scenario.database);
  try {
    const [event] = await session.query(
      `SELECT status AS status FROM information_schema.events WHERE event_name = '${name}'`,
    );
    return event && event['status'] === 'ENABLED';
  } finally {
    await session.close();
  }
}
