import type { ChangedKeys } from '../../ports/changed-keys';
import { binlogEnd, comparePositions, parsePosition, positionText } from './binlog';
import { readBinlog } from './binlog-tail';
import { readCascades } from './cascades';
import { ChangeCollector } from './change-collector';
import { untilVisible } from './commit-visibility';
import { columnsOf } from './key-text';
import { migratedTables } from './migrated-tables';
import { effectOn } from '../database/side';
import type { MysqlSide } from './mysql-side';
import { forget, remember, rememberedPositions, slotReadings } from './remembered-position';
import { readingName } from './tag';

/** Keys per answer; a transaction is never split, so one larger than this still comes whole. */
const keysPerAnswer = 50_000;

const feedName = (migration: string): string => `cutover_verify_${migration.replaceAll('-', '_')}`;

/** The feed over the binlog, read as a replica reads it; how far it is confirmed is remembered in the control database. */
export function changedKeys(side: MysqlSide): ChangedKeys {
  const name = feedName(side.migration);
  const find = async (signal: AbortSignal) => {
    const slot = (await slotReadings(side, signal)).find((each) => each.name === name);
    if (!slot || slot.retention === 'lost') return undefined;
    return (await rememberedPositions(side, signal)).find((each) => each.name === name);
  };
  const openedAtMilliseconds = async (signal: AbortSignal) => (await find(signal))?.openedAtMilliseconds;
  const touches = `remembered position ${name} of the binlog of the ${side.title}`;

  return {
    openedAtMilliseconds,

    open: () =>
      effectOn(side, 'open-changed-keys', {
        touches,
        precheck: async (signal) => (await openedAtMilliseconds(signal)) !== undefined,
        act: async (effects, signal) => {
          const end = await binlogEnd(side, signal);
          // What stands before the end is visible to whoever reads from now on: the feed need not hold it.
          await untilVisible(side, end, undefined, signal);
          const [clock] = await side.reading.rows('SELECT CEIL(UNIX_TIMESTAMP(SYSDATE(6)) * 1000) AS now', [], signal);
          await remember(effects, name, end, signal, Number(clock?.['now']));
        },
        verify: async (signal) => (await openedAtMilliseconds(signal)) !== undefined,
      }),

    collect: async (keyColumns, signal) => {
      const feed = await find(signal);
      if (!feed) throw new Error(`the feed ${name} of the ${side.title} is not open, or its binlog is purged`);
      const end = await binlogEnd(side, signal);
      const cascades = await readCascades(side, signal);
      const migrated = (await migratedTables(side, signal)).map((table) => table.name);
      const concerned = [...new Set([...keyColumns.keys(), ...migrated, ...cascades.map(({ parent }) => parent)])];
      const columns = await columnsOf(side, [...schemasOf(concerned)], signal);
      const collector = new ChangeCollector({ keyColumns, columns, cascades, migrated });
      const reached = await readBinlog({
        login: {
          ...side.login(readingName(side.migration)),
          typeCast: true,
          dateStrings: true,
          supportBigNumbers: true,
          bigNumberStrings: true,
          timezone: 'Z',
        },
        from: feed,
        upTo: end,
        tables: Object.fromEntries([...schemasOf(concerned)].map((schema) => [schema, tablesIn(schema, concerned)])),
        signal,
        onEvent: (event, tables) => collector.take(event, tables),
        isEnough: () => collector.size >= keysPerAnswer,
      });
      const complete = comparePositions(reached, end) >= 0;
      await untilVisible(side, reached, collector.lastGtid, signal);
      return { ...collector.changes(), position: positionText(reached), complete };
    },

    confirm: (position) => {
      const confirmed = async (signal: AbortSignal) => {
        const feed = await find(signal);
        return feed !== undefined && comparePositions(feed, parsePosition(position)) >= 0;
      };
      return effectOn(side, 'confirm-changed-keys', {
        touches,
        precheck: confirmed,
        act: async (effects, signal) => {
          const { file, offset } = parsePosition(position);
          await effects.transaction(signal, (statement) =>
            statement('UPDATE cutover_local.log_position SET file = ?, position = ?, gtid = ? WHERE name = ?', [
              file,
              offset,
              '',
              name,
            ]),
          );
        },
        verify: confirmed,
      });
    },

    close: () => {
      const isClosed = async (signal: AbortSignal) =>
        (await rememberedPositions(side, signal)).every((each) => each.name !== name);
      return effectOn(side, 'close-changed-keys', {
        touches,
        precheck: isClosed,
        act: async (effects, signal) => {
          await forget(effects, name, signal);
        },
        verify: isClosed,
      });
    },
  };
}

const schemaOf = (name: string): string => name.slice(0, name.indexOf('.'));
const schemasOf = (names: readonly string[]): Set<string> => new Set(names.map(schemaOf));
const tablesIn = (schema: string, names: readonly string[]): string[] =>
  names.filter((name) => schemaOf(name) === schema).map((name) => name.slice(schema.length + 1));
