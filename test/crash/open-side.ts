import { Client } from 'pg';
import type { RehearsalWorld } from '../../rehearsal/world';
import { postgresOf } from '../../rehearsal/engines/any-engine';

/** The one side whose engine lets the application's write accounts log in. @throws Error when it is not exactly one */
export async function openSide({ engines, scenario }: RehearsalWorld): Promise<'source' | 'target'> {
  const open: ('source' | 'target')[] = [];
  for (const side of ['source', 'target'] as const) {
    const client = new Client({ ...postgresOf(engines[side]).superuser, database: scenario.database });
    await client.connect();
    try {
      const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolcanlogin AND rolname = ANY ($1)', [
        scenario.accounts.write,
      ]);
      if (rowCount) open.push(side);
    } finally {
      await client.end();
    }
  }
  const [side] = open;
  if (side === undefined || open.length > 1) throw new Error(`writes are accepted by: ${open.join(', ') || 'nobody'}`);
  return side;
}
