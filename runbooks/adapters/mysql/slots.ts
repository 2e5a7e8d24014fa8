import type { Slots } from '../../ports/slots';
import { binlogEnd, comparePositions, parsePosition, type BinlogPosition } from './binlog';
import { logRetention } from './log-retention';
import { effectOn } from '../database/side';
import type { MysqlSide } from './mysql-side';
import { forget, remember, slotReadings } from './remembered-position';

/**
 * MySQL has no slots: whoever reads the binlog says himself where it begins, as DMS does. What PostgreSQL keeps in a slot
 * is remembered here by name; it keeps no log from being purged, which retention has to be long enough for.
 */
export function slots(side: MysqlSide): Slots {
  const readSlot = async (name: string, signal: AbortSignal) =>
    (await slotReadings(side, signal)).find((slot) => slot.name === name);

  const rememberEnd = (name: string, effect: string) => {
    let wanted: BinlogPosition | undefined;
    return effectOn(side, effect, {
      touches: `remembered position ${name} of the binlog of the ${side.title}`,
      act: async (effects, signal) => {
        // Whole transactions stand in the binlog when they commit: none that is open now has a part before the end.
        const end = await binlogEnd(side, signal);
        await remember(effects, name, end, signal);
        wanted = end;
      },
      verify: async (signal) => {
        const slot = await readSlot(name, signal);
        if (!slot || !wanted || slot.retention === 'lost') return false;
        return comparePositions(parsePosition(slot.confirmedPosition), wanted) >= 0;
      },
    });
  };

  return {
    readSlot,
    readRetention: (signal) => logRetention(side, signal),
    // Nobody reads a remembered position, and none holds the log back.
    inUse: async () => [],
    idle: async () => [],
    createSlot: (name) => rememberEnd(name, 'create-slot'),
    advanceSlot: (name) => rememberEnd(name, 'advance-slot'),
    dropSlot: (name) => {
      const isForgotten = async (signal: AbortSignal) => (await readSlot(name, signal)) === undefined;
      return effectOn(side, 'drop-slot', {
        touches: `remembered position ${name} of the binlog of the ${side.title}`,
        precheck: isForgotten,
        act: async (effects, signal) => {
          await forget(effects, name, signal);
        },
        verify: isForgotten,
      });
    },
  };
}
