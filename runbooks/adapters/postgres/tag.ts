import { createHash } from 'node:crypto';

/** PostgreSQL cuts application_name at 63 bytes; the epoch must survive, so a long or unusual name is shortened. */
const longestName = 28;

const tagName = (migration: string): string => {
  const plain = migration.replace(/[^A-Za-z0-9._-]/g, '_');
  if (plain === migration && plain.length <= longestName) return plain;
  const digest = createHash('sha256').update(migration, 'utf8').digest('hex').slice(0, 8);
  return `${plain.slice(0, longestName - 9)}-${digest}`;
};

/** What the application_name of every adopted connection of a migration begins with. */
export const tagPrefix = (migration: string): string => `cutover:${tagName(migration)}:`;

export const effectTag = (migration: string, epoch: number, run: string): string =>
  `${tagPrefix(migration)}${epoch}:${run.replace(/[^A-Za-z0-9]/g, '').slice(0, 8)}`;

/** Before a run has its epoch. Not a tag: raising an epoch leaves such a connection alone, it can do nothing yet. */
export const unadoptedName = (migration: string): string => `cutover-opened:${tagName(migration)}`;

export const readingName = (migration: string): string => `cutover-read:${tagName(migration)}`;
