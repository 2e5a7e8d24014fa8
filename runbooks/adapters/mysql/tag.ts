import { createHash } from 'node:crypto';

/** Names of user-level locks end at 64 characters (MySQL 8.4 manual, 14.14 "Locking Functions"). */
const longestName = 40;

const tagName = (migration: string): string => {
  const plain = migration.replace(/[^A-Za-z0-9._-]/g, '_');
  if (plain === migration && plain.length <= longestName) return plain;
  const digest = createHash('sha256').update(migration, 'utf8').digest('hex').slice(0, 8);
  return `${plain.slice(0, longestName - 9)}-${digest}`;
};

/** The part of a run's number that stands in its tag and in `cutover_local.effect_session`. */
export const runOf = (nonce: string): string => nonce.replace(/[^A-Za-z0-9]/g, '').slice(0, 12);

/**
 * The user-level lock that a run's effect connection holds as long as it lives: what a session of another system that was
 * given the same connection id cannot hold. Compared without regard to case by the server.
 */
export const sessionLock = (migration: string, run: string): string => `cutover:${tagName(migration)}:${run}`;

/** `program_name` among the attributes of our connections, where the server keeps them (performance_schema). */
export const effectName = (migration: string): string => `cutover:${tagName(migration)}`;
export const readingName = (migration: string): string => `cutover-read:${tagName(migration)}`;
