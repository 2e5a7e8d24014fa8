import { createHash } from 'node:crypto';
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

/** Of what Cutover generates on the target: at most 63 bytes, as PostgreSQL takes it; `of` decides the digits. */
export function cutoverName(title: string, of: string): string {
  const digits = createHash('sha256').update(of).digest('hex').slice(0, 8);
  let start = title;
  while (Buffer.byteLength(start) > 46) start = start.slice(0, -1);
  return `cutover_${start}_${digits}`;
}
