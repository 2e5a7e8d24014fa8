import { minimums } from '../minimums';
import type { Finding } from '../definition-error';
import type { MigrationCheck } from './check';

export const minimumsHold: MigrationCheck = ({ migration, environment: { kind } }) => {
  const settings = [
    {
      path: 'timing.rollbackWindowSeconds',
      value: migration.timing.rollbackWindowSeconds,
      minimum: minimums[kind].rollbackWindowSeconds,
      why: 'faults of the new side show in the first working days, when the way back must still be open',
    },
    {
      path: 'gates.consistencyHoldSeconds',
      value: migration.gates.consistencyHoldSeconds,
      minimum: minimums[kind].consistencyHoldSeconds,
      why: 'data that agreed once, by chance of the moment, is no ground for a switch',
    },
  ];
  return settings.flatMap(({ path, value, minimum, why }) =>
    value >= minimum ? [] : [{ path, value, allowed: `at least ${minimum} in an environment of kind ${kind}`, why }],
  );
};

export const reverseKeepsTheRollback: MigrationCheck = ({ migration: { replication, timing } }) => {
  if (replication.reverse === timing.rollbackWindowSeconds > 0) return [];
  if (!replication.reverse)
    return [
      {
        path: 'replication.reverse',
        value: false,
        allowed: `true while timing.rollbackWindowSeconds promises a rollback (${timing.rollbackWindowSeconds})`,
        why: 'without reverse replication the old side misses every write after the switch',
      },
    ];
  return [
    {
      path: 'timing.rollbackWindowSeconds',
      value: timing.rollbackWindowSeconds,
      allowed: 'more than 0 while replication.reverse is true',
      why: 'reverse replication without a window would never serve a rollback',
    },
  ];
};

/** Seconds of the pause that fence, drain and verification have, before the runner must unwind by itself. */
const roomInPauseSeconds = (
  gates: { maxWritePauseSeconds: number; undoReserveSeconds: number; maxPropagationSeconds: number },
  ttlSeconds: number,
): number => gates.maxWritePauseSeconds - gates.undoReserveSeconds - gates.maxPropagationSeconds - ttlSeconds;

export const pauseLeavesRoom: MigrationCheck = ({ migration: { gates, records } }) => {
  const ttlSeconds = Math.max(...records.map((record) => record.ttlSeconds));
  const room = roomInPauseSeconds(gates, ttlSeconds);
  if (room >= gates.maxMarkerRoundTripSeconds) return [];
  const needed = gates.maxWritePauseSeconds - room + gates.maxMarkerRoundTripSeconds;
  return [
    {
      path: 'gates.maxWritePauseSeconds',
      value: gates.maxWritePauseSeconds,
      allowed: `at least ${needed}`,
      why:
        `TTL ${ttlSeconds} + propagation ${gates.maxPropagationSeconds} + undo ${gates.undoReserveSeconds} leave ${room} seconds ` +
        `for the switch, and one marker round trip alone may take ${gates.maxMarkerRoundTripSeconds}`,
    },
  ];
};

export const readShiftRises: MigrationCheck = ({ migration: { timing } }) => {
  const percents = timing.readShiftPercents;
  const rises = percents.every((percent, index) => index === 0 || percent > (percents[index - 1] ?? 0));
  if (rises && percents.at(-1) === 100) return [];
  const finding: Finding = {
    path: 'timing.readShiftPercents',
    value: percents,
    allowed: 'rising shares that end with 100',
    why: 'each step takes more reads to the target than the one before, the last one takes all',
  };
  return [finding];
};
