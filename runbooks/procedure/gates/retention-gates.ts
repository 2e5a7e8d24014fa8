import { wordsOf } from '../engine-words/words-of';
import { no, quality, wouldCheck, yes, type Gate } from '../gate';
import type { SwitchRun } from '../migration-run';

const mebibytes = (bytes: number): string => `${(bytes / 1048576).toFixed(1)} MiB`;

/** The way back reads the log of the side that opens: it must be kept for as long as one may want to go back. */
export const retentionGates = ({ world, from, to, direction }: SwitchRun): Gate[] => [
  quality(`The ${to.side} keeps its log for the whole rollback window`, async (signal) => {
    const words = wordsOf(world.manifest, to.side);
    const window = world.manifest.timing.rollbackWindowSeconds;
    const { limitBytes, limitSeconds } = await to.slots.readRetention(signal);
    if (limitSeconds !== undefined && limitSeconds < window)
      return no({
        code: 'retention-too-short',
        text: `the ${to.side} keeps its log for ${limitSeconds} s (${words.retentionSetting}), the rollback window is ${window} s`,
        value: limitSeconds,
        limit: window,
        unit: 's',
        setting: 'timing.rollbackWindowSeconds',
        next: `${words.keepLog(0, window)}, on the ${to.side}`,
      });
    if (limitBytes === undefined)
      return yes(limitSeconds === undefined ? 'the disk alone is the limit' : `${limitSeconds} s of ${window} s`);
    const { bytesPerSecond } = await from.slots.readRetention(signal);
    if (bytesPerSecond === undefined) return wouldCheck(`where the ${from.side} counts the log that it writes`);
    const needed = bytesPerSecond * window;
    if (needed <= limitBytes) return yes(`${mebibytes(needed)} of ${mebibytes(limitBytes)}`);
    return no({
      code: 'retention-too-short',
      text: `the ${to.side} may hold back ${mebibytes(limitBytes)} of log (${words.retentionSetting}); the ${from.side} has written ${mebibytes(bytesPerSecond * 3600)} an hour, so a rollback window of ${window} s needs ${mebibytes(needed)}`,
      value: Math.floor(limitBytes),
      limit: Math.ceil(needed),
      unit: 'bytes',
      setting: 'timing.rollbackWindowSeconds',
      next: `${words.keepLog(needed, window)}, on the ${to.side}`,
    });
  }),
  quality(`The log that replication out of the ${from.side} needs is kept`, async (signal) => {
    const words = wordsOf(world.manifest, from.side);
    const { forwardSlot, reverseSlot } = world.manifest.replication;
    const started = direction === 'forward' ? forwardSlot : reverseSlot;
    const endangered = (await from.slots.readRetention(signal)).endangered.filter(
      ({ name }) => words.positionsKeepLog || name !== started,
    );
    if (endangered.length === 0) return yes();
    return no({
      code: 'slot-losing-log',
      text: `on the ${from.side} ${endangered.map(({ name, retention, retainedBytes }) => `${words.position(name)} is ${retention} with ${mebibytes(retainedBytes)} behind it`).join(', ')}; allowed is reserved or extended`,
      value: endangered[0]?.retention,
      limit: 'reserved',
      setting: words.retentionSetting,
      next: 'cutover status',
    });
  }),
];
