import { UsageError } from '../../ports/failures';
import type { SequenceReading, Sequences } from '../../ports/sequences';
import { fedColumns, type FedColumn } from './fed-columns';
import { migratedSequences, type MigratedTable } from './migrated-tables';
import { effectOn } from '../database/side';
import type { MysqlSide } from './mysql-side';

interface Counter extends SequenceReading {
  /** Moves it so that the next value is above this one. */
  readonly moveTo: (value: bigint) => string;
  readonly columns: readonly FedColumn[];
}

const smallest = (values: readonly string[]): string =>
  values.reduce((one, other) => (BigInt(one) < BigInt(other) ? one : other));

/** AUTO_INCREMENT is the next value; a table that was never written to has none yet. */
const nextValues = `SELECT table_schema AS table_schema, table_name AS table_name, auto_increment AS next, engine AS engine
  FROM information_schema.tables WHERE table_schema IN (?) AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')`;

async function countingColumns(side: MysqlSide, fed: readonly FedColumn[], signal: AbortSignal): Promise<Counter[]> {
  const columns = fed.filter(({ draws }) => draws === undefined);
  if (columns.length === 0) return [];
  const schemas = [...new Set(columns.map(({ table }) => table.schema))];
  const rows = await side.reading.rows(nextValues, [schemas], signal);
  const [step] = await side.reading.rows('SELECT @@GLOBAL.auto_increment_increment AS step', [], signal);
  const found = new Map(rows.map((row) => [`${row['table_schema']}.${row['table_name']}`, row]));
  return columns.map((column) => {
    const row = found.get(column.table.name);
    // In place, or not at all: no table is copied for the sake of its counter.
    const inPlace = row?.['engine'] === 'InnoDB' ? ', ALGORITHM = INPLACE, LOCK = NONE' : '';
    return {
      name: `${column.table.name}.${column.column}`,
      feeds: [column.nameOnSource],
      lastValue: String(BigInt(row?.['next'] ?? '1') - 1n),
      increment: step?.['step'] ?? '1',
      maximum: column.maximum,
      moveTo: (value) => `ALTER TABLE ${column.table.quoted} AUTO_INCREMENT = ${value + 1n}${inPlace}`,
      columns: [column],
    };
  });
}

/** `nextval(`orders`.`tickets`)` as the catalogue prints a default. */
const drawsFrom = (draws: string | undefined, sequence: MigratedTable): boolean =>
  draws !== undefined && draws.includes(`nextval(${sequence.quoted})`);

/** A sequence of MariaDB counts ahead for its cache: what it shows is above every value given out. */
async function sequenceObjects(side: MysqlSide, fed: readonly FedColumn[], signal: AbortSignal): Promise<Counter[]> {
  if (side.product !== 'mariadb') return [];
  const counters: Counter[] = [];
  for (const sequence of await migratedSequences(side, signal)) {
    const [row] = await side.reading.rows(
      `SELECT next_not_cached_value AS next, increment AS step, maximum_value AS maximum FROM ${sequence.quoted}`,
      [],
      signal,
    );
    const step = BigInt(row?.['step'] ?? '1') || 1n;
    if (step < 0n)
      throw new UsageError(
        'descending-sequence',
        `sequence ${sequence.name} on the ${side.title} counts down by ${step}; only sequences that count up are moved`,
        { next: `ALTER SEQUENCE ${sequence.quoted} INCREMENT BY 1 … above its values, or exclude its table` },
      );
    const columns = fed.filter(({ draws }) => drawsFrom(draws, sequence));
    counters.push({
      name: sequence.name,
      feeds: columns.map(({ nameOnSource }) => nameOnSource),
      lastValue: String(BigInt(row?.['next'] ?? '1') - step),
      increment: String(step),
      maximum: smallest([row?.['maximum'] ?? '0', ...columns.map(({ maximum }) => maximum)]),
      moveTo: (value) => `ALTER SEQUENCE ${sequence.quoted} RESTART WITH ${value + step}`,
      columns,
    });
  }
  return counters;
}

export function sequences(side: MysqlSide): Sequences {
  const read = async (signal: AbortSignal): Promise<Counter[]> => {
    const fed = await fedColumns(side, signal);
    return [...(await countingColumns(side, fed, signal)), ...(await sequenceObjects(side, fed, signal))];
  };

  const mustTake = (known: ReadonlyMap<string, Counter>, name: string, value: string): Counter => {
    const counter = known.get(name);
    if (!counter) throw new Error(`${name} is no sequence of the migrated tables on the ${side.title}`);
    if (BigInt(value) > BigInt(counter.maximum))
      throw new Error(
        `sequence ${name} on the ${side.title} cannot be set to ${value}: its maximum is ${counter.maximum}`,
      );
    return counter;
  };

  return {
    readSequences: async (signal) =>
      (await read(signal)).map(({ name, feeds, lastValue, increment, maximum }) => ({
        name,
        feeds,
        lastValue,
        increment,
        maximum,
      })),

    highestStored: async (signal) => {
      const highest = new Map<string, string>();
      for (const { name, columns } of await read(signal))
        for (const { table, quotedColumn, isInteger } of columns) {
          if (!isInteger) continue;
          const query = `SELECT MAX(${quotedColumn}) AS highest FROM ${table.quoted}`;
          const found = (await side.reading.rows(query, [], signal))[0]?.['highest'];
          const known = highest.get(name);
          if (found != null && (known === undefined || BigInt(found) > BigInt(known))) highest.set(name, found);
        }
      return highest;
    },

    advanceSequences: (wanted) => {
      const areReached = async (signal: AbortSignal) => {
        const present = new Map((await read(signal)).map((one) => [one.name, BigInt(one.lastValue)]));
        return [...wanted].every(([name, value]) => (present.get(name) ?? BigInt(value) - 1n) >= BigInt(value));
      };
      return effectOn(side, 'advance-sequences', {
        touches: `${wanted.size} sequences on the ${side.title}`,
        precheck: areReached,
        act: async (effects, signal) => {
          const known = new Map((await read(signal)).map((one) => [one.name, one]));
          // All are looked at before the first is moved: each statement commits for itself.
          const moves = [...wanted].map(([name, value]) => ({
            counter: mustTake(known, name, value),
            value: BigInt(value),
          }));
          await effects.statements(signal, async (statement) => {
            for (const { counter, value } of moves)
              if (BigInt(counter.lastValue) < value) await statement(counter.moveTo(value));
          });
        },
        verify: areReached,
      });
    },
  };
}
