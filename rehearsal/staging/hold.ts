import type { Administrator } from '../engines/any-engine';
import { administered } from './adopted-engine';
import { rehearsalLock } from './made-names';
import type { StagingDatabase, StagingPair } from './staging-pair';
import { UnusableStaging } from './staging-url';

const statements = {
  mysql: {
    take: `SELECT GET_LOCK('${rehearsalLock}', 0) AS held`,
    free: `SELECT IS_FREE_LOCK('${rehearsalLock}') AS held`,
  },
  postgres: {
    take: `SELECT pg_try_advisory_lock(hashtextextended('${rehearsalLock}', 0))::int AS held`,
    free: `SELECT (count(*) = 0)::int AS held FROM pg_locks
            WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND (classid::bigint << 32) | objid::bigint = hashtextextended('${rehearsalLock}', 0)`,
  },
} as const;

/** Is no other rehearsal at work on this server? */
export async function isFree(session: Administrator, family: StagingDatabase['family']): Promise<boolean> {
  const [row] = await session.query(statements[family].free);
  return Number(row?.['held']) === 1;
}

/**
 * Keeps every other rehearsal away from both servers until it is let go, or this process ends. @throws UnusableStaging when
 * another is at work there
 */
export async function hold({ source, target }: StagingPair): Promise<() => Promise<void>> {
  const held: Administrator[] = [];
  const letGo = async () => {
    await Promise.allSettled(held.map((each) => each.close()));
  };
  try {
    for (const database of [source, target]) {
      const session = await administered(database);
      held.push(session);
      if (database.family === 'mysql') await session.query('SET SESSION wait_timeout = 86400');
      const [row] = await session.query(statements[database.family].take);
      if (Number(row?.['held']) !== 1)
        throw new UnusableStaging(`another rehearsal is at work on ${database.title}; wait until it has ended`);
    }
    return letGo;
  } catch (error) {
    await letGo();
    throw error;
  }
}
