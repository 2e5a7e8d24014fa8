import { blockingDifferences } from './blocking-differences';
import type { World } from './ports/world';
import { wordsOf } from './procedure/engine-words/words-of';
import { no, quality, yes, type Gate } from './procedure/gate';
import type { Situation } from './procedure/situation';

/** When the target was opened, while the way back to the source stands; milliseconds of the target's clock. */
const openedInWindow = ({ kind, primary, row }: Situation): number | undefined =>
  kind === 'steady' && primary === 'target' ? row?.detail.openedAtMilliseconds : undefined;

/** `rollback possible until …`, with the lag of the way back and what the slot still keeps. */
export async function windowOf(world: World, situation: Situation, signal: AbortSignal): Promise<string | undefined> {
  const openedAt = openedInWindow(situation);
  if (openedAt === undefined) return undefined;
  const end = new Date(openedAt + world.manifest.timing.rollbackWindowSeconds * 1000).toISOString();
  const { source, target } = world.sides;
  const slot = await target.slots.readSlot(world.manifest.replication.reverseSlot, signal);
  const beat = await source.flow.readHeartbeat('reverse', signal);
  const age = beat && ((await target.flow.engineClockMilliseconds(signal)) - beat.writtenAtMilliseconds) / 1000;
  const retention = slot
    ? `${slot.retention}, ${slot.retainedBytes} bytes kept`
    : `NO ${wordsOf(world.manifest, 'target').position('').trim().toUpperCase()}: rollback would lose writes`;
  return `rollback possible until ${end}; log: ${retention}; last heartbeat ${age === undefined ? 'none' : `${age.toFixed(1)} s ago`}`;
}

/** DDL and grants that stand on one side alone, and secrets that have a new version: replication brings none of them. */
export async function driftOf(world: World, situation: Situation, signal: AbortSignal): Promise<string[]> {
  const openedAt = openedInWindow(situation);
  if (openedAt === undefined) return [];
  const { accounts } = world.manifest;
  const differences = await blockingDifferences(world, 'target', signal);
  const changed = await Promise.all(
    [...accounts.write, ...accounts.read].map(async ({ name, secretId }) => {
      const at = await world.surroundings.secretChangedAtMilliseconds(secretId, signal);
      return at > openedAt
        ? [
            `secret ${secretId} of ${name} was changed at ${new Date(at).toISOString()}: the source may know the old one`,
          ]
        : [];
    }),
  );
  return [
    ...differences.map(
      ({ kind, object, onPrimary, onOther }) =>
        `${kind} ${object}: target ${onPrimary ?? 'has none'}, source ${onOther ?? 'has none'}`,
    ),
    ...changed.flat(),
  ];
}

/** Asked by `watch` after a switch: the way back is as open as it was. */
export const windowGates = (world: World, situation: Situation): Gate[] =>
  openedInWindow(situation) === undefined
    ? []
    : [
        quality('Nothing that the way back would meet has changed since the switch', async (signal) => {
          const drift = await driftOf(world, situation, signal);
          if (drift.length === 0) return yes(await windowOf(world, situation, signal));
          const value = drift.length;
          return no({
            code: 'window-drift',
            text: drift.join('; '),
            value,
            limit: 0,
            unit: 'changes',
            setting: 'waivers',
          });
        }),
      ];
