import type { Migration } from '../schema/migration';

const slot = (migration: string, direction: string) => `cutover_${migration.replaceAll('-', '_')}_${direction}`;

/** PostgreSQL slot that the forward task reads; lower-case letters, digits and underscores only. */
export const forwardSlotName = (name: string, { replication }: Migration): string =>
  replication.forwardSlot ?? slot(name, 'forward');

export const reverseSlotName = (name: string, { replication }: Migration): string =>
  replication.reverseSlot ?? slot(name, 'reverse');

/** The task that loads and follows, the one that follows, and the one that leads back. */
export type TaskName = 'load' | 'forward' | 'reverse';
export const taskNames = ['load', 'forward', 'reverse'] as const satisfies TaskName[];

/** Identifier of a DMS task: letters, digits and hyphens, at most 255 characters. */
export const taskIdentifier = (environment: string, migration: string, task: string): string =>
  `cutover-${environment}-${migration}-${task}`;
