import type { Manifest } from '../../definition/manifest/sections';
import { waivedFor } from '../../definition/replication/selected-tables';
import type { SequenceReading } from '../ports/sequences';

export interface PairedSequences {
  /** What stands on the other side for each sequence of `to`: several where one sequence there feeds what several feed here. */
  readonly pairs: readonly { readonly to: SequenceReading; readonly from: readonly SequenceReading[] }[];
  /** Sequences of `from` that nothing on `to` stands for. */
  readonly alone: readonly SequenceReading[];
}

const areTheSame = (one: SequenceReading, other: SequenceReading): boolean =>
  one.name === other.name || one.feeds.some((column) => other.feeds.includes(column));

/** Sequences have other names on another engine, and none where columns count by themselves: what they feed tells. */
export function pairSequences(from: readonly SequenceReading[], to: readonly SequenceReading[]): PairedSequences {
  const pairs = to.map((sequence) => ({ to: sequence, from: from.filter((other) => areTheSame(sequence, other)) }));
  const paired = new Set(pairs.flatMap((pair) => pair.from));
  return {
    pairs: pairs.filter((pair) => pair.from.length > 0),
    alone: from.filter((sequence) => !paired.has(sequence)),
  };
}

/** Of the keys that are left, headroom takes one in so many: a column of one byte must have some for every change of side. */
const SHARE = 100n;

/** Above every value that either side has given out, with headroom in steps of the side that counts on, as far as it is there. */
export function wantedValues(pairs: PairedSequences['pairs'], headroom: bigint): Map<string, string> {
  return new Map(
    pairs.map(({ to, from }) => {
      const given = [to, ...from].map(({ lastValue }) => BigInt(lastValue));
      const step = largest([to, ...from].map(({ increment }) => BigInt(increment)));
      // The keys must go back as well: the narrower side counts.
      const ends = [to, ...from].map(({ maximum }) => BigInt(maximum));
      const left = (-largest(ends.map((end) => -end)) - largest(given)) / (SHARE * largest([step, 1n]));
      const wanted = left < headroom ? largest([left, 1n]) : headroom;
      return [to.name, String(largest(given) + wanted * step)];
    }),
  );
}

/** May a sequence stand on one side alone? The definition waives `schema` for the tables that it feeds, or by its own name. */
export function waivesSequence({ tables }: Pick<Manifest, 'tables'>): (sequence: SequenceReading) => boolean {
  const isWaived = waivedFor(tables, 'schema');
  const tableOf = (column: string) => column.slice(0, column.indexOf('.', column.indexOf('.') + 1));
  return ({ name, feeds }) => (feeds.length > 0 ? feeds.map(tableOf) : [name]).every(isWaived);
}

const largest = (values: readonly bigint[]): bigint => values.reduce((one, other) => (one > other ? one : other));
