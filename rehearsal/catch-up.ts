import { Client } from 'pg';
import type { RehearsalWorld } from './world';

const stillForMilliseconds = 1_500;
const pollMilliseconds = 100;

/** After the last write: waits until both sides hold the same number of ledger entries, or until nothing arrives any more. */
export async function untilCaughtUp({ engines, scenario }: RehearsalWorld): Promise<void> {
  const clients = [engines.source, engines.target].map(
    (engine) => new Client({ ...engine.superuser, database: scenario.database }),
  );
  try {
    await Promise.all(clients.map((client) => client.connect()));
    let last = '';
    for (let movedAt = Date.now(); Date.now() < movedAt + stillForMilliseconds;) {
      const counts = await Promise.all(
        clients.map(async (client) => {
          const { rows } = await client.query<{ entries: string }>(
            'SELECT count(*) AS entries FROM rehearsal_ledger.entries',
          );
          return rows[0]?.entries;
        }),
      );
      if (counts[0] === counts[1]) return;
      if (counts.join() !== last) movedAt = Date.now();
      last = counts.join();
      await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
    }
  } finally {
    await Promise.allSettled(clients.map((client) => client.end()));
  }
}
