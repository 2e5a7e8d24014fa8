import { administer } from './engines/any-engine';
import type { RehearsalWorld } from './world';

const stillForMilliseconds = 1_500;
const pollMilliseconds = 100;

/** After the last write: waits until both sides hold the same number of ledger entries, or until nothing arrives any more. */
export async function untilCaughtUp({ engines, place }: RehearsalWorld): Promise<void> {
  const clients = await Promise.all(
    (['source', 'target'] as const).map((side) => administer(engines[side], place.databases[side].database)),
  );
  try {
    let last = '';
    for (let movedAt = Date.now(); Date.now() < movedAt + stillForMilliseconds;) {
      const counts = await Promise.all(
        clients.map(async (client) => {
          const [row] = await client.query('SELECT count(*) AS entries FROM rehearsal_ledger.entries');
          return String(row?.['entries']);
        }),
      );
      if (counts[0] === counts[1]) return;
      if (counts.join() !== last) movedAt = Date.now();
      last = counts.join();
      await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
    }
  } finally {
    await Promise.allSettled(clients.map((client) => client.close()));
  }
}
