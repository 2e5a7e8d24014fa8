import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { RecordManifest, SideName } from '../../../definition/manifest/sections';
import { UsageError } from '../../ports/failures';
import type { Weights } from '../../ports/routing';
import { plainName } from './record-sets';

export type WeightedPair = Readonly<Record<SideName, ResourceRecordSet>>;

/**
 * The two weighted records of a name; undefined where one is missing.
 * @throws UsageError when a third record of the name takes a share of the traffic: no weight of ours would be true then
 */
export function pairOf(record: RecordManifest, sets: readonly ResourceRecordSet[]): WeightedPair | undefined {
  const of = (side: SideName) =>
    sets.find((set) => set.SetIdentifier === record[side].setIdentifier && set.Weight !== undefined);
  const [source, target] = [of('source'), of('target')];
  const stray = sets.find((set) => set !== source && set !== target && (set.Weight ?? 0) > 0);
  if (stray)
    throw new UsageError(
      'third-weighted-record',
      `${record.name} has a weighted record "${stray.SetIdentifier}" with weight ${stray.Weight} beside those of the migration ` +
        `("${record.source.setIdentifier}", "${record.target.setIdentifier}")`,
      { next: `remove the record set "${stray.SetIdentifier}" of ${record.name}, or set its weight to 0` },
    );
  return source && target ? { source, target } : undefined;
}

export const weightsOf = (pair: WeightedPair): Weights => ({
  source: pair.source.Weight ?? 0,
  target: pair.target.Weight ?? 0,
});

const weightAllowed = (weight: number): boolean => Number.isInteger(weight) && weight >= 0 && weight <= 255;

/**
 * What no batch may say, whoever asks: weights outside 0..255, both zero (Route 53 would answer with both alike), a
 * split write record (two masters).
 * @throws Error
 */
export function checkWeights(record: RecordManifest, { source, target }: Weights): void {
  const said = `${record.name}: source ${source}, target ${target}`;
  if (!weightAllowed(source) || !weightAllowed(target))
    throw new Error(`${said}; a weight is a whole number from 0 to 255`);
  if (source === 0 && target === 0)
    throw new Error(`${said}; all weights zero means equal shares, not none: one must be above 0`);
  if (record.kind === 'write' && source !== 0 && target !== 0)
    throw new Error(`${said}; a write record is all or nothing: one of both must be 0`);
}

/** A record that points elsewhere than the manifest says must not be given traffic. @throws Error */
export function checkEndpoint(record: RecordManifest, side: SideName, set: ResourceRecordSet): void {
  const values = set.ResourceRecords?.map(({ Value }) => plainName(Value ?? '')) ?? [];
  if (values.length === 1 && values[0] === plainName(record[side].value)) return;
  throw new Error(
    `${record.name}: the record of the ${side} points to ${values.join(', ') || 'an alias'}, the manifest says ${record[side].value}; deploy again before traffic is sent there`,
  );
}
