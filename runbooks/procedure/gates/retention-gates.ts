import { no, quality, wouldCheck, yes, type Gate } from '../gate';
import type { SwitchRun } from '../migration-run';

const mebibytes = (bytes: number): string => `${(bytes / 1048576).toFixed(1)} MiB`;

/** The way back reads the log of the side that opens: it must be kept for as long as one may want to go back. */
export const retentionGates = ({ world, from, to }: SwitchRun): Gate[] => [
  quality(`The ${to.side} keeps its log for the whole rollback window`, async (signal) => {
    const { limitBytes } = await to.slots.readRetention(signal);
    if (limitBytes === undefined) return yes('max_slot_wal_keep_size is -1: the disk alone is the limit');
    const { bytesPerSecond } = await from.slots.readRetention(signal);
    if (bytesPerSecond === undefined) return wouldCheck('with PostgreSQL 14 and later, which count the log they write');
    const window = world.manifest.timing.rollbackWindowSeconds;
    const needed = bytesPerSecond * window;
    if (needed <= limitBytes) return yes(`${mebibytes(needed)} of ${mebibytes(limitBytes)}`);
    return no({
      code: 'retention-too-short',
      text: `a slot of the ${to.side} may hold back ${mebibytes(limitBytes)} of log (max_slot_wal_keep_size); the ${from.side} has written ${mebibytes(bytesPerSecond * 3600)} an hour, so a rollback window of ${window} s needs ${mebibytes(needed)}`,
      value: Math.floor(limitBytes),
      limit: Math.ceil(needed),
      unit: 'bytes',
      setting: 'timing.rollbackWindowSeconds',
      next: `ALTER SYSTEM SET max_slot_wal_keep_size = '${Math.ceil(needed / 1048576)}MB' on the ${to.side} (RDS: in its parameter group)`,
    });
  }),
  quality(`No slot of the ${from.side} is about to lose its log`, async (signal) => {
    const { endangered } = await from.slots.readRetention(signal);
    if (endangered.length === 0) return yes();
    return no({
      code: 'slot-losing-log',
      text: `on the ${from.side} ${endangered.map(({ name, retention, retainedBytes }) => `slot ${name} is ${retention} with ${mebibytes(retainedBytes)} behind it`).join(', ')}; allowed is reserved or extended`,
      value: endangered[0]?.retention,
      limit: 'reserved',
      setting: 'max_slot_wal_keep_size',
      next: 'cutover status',
    });
  }),
];
