import type { Manifest } from '../../definition/manifest/sections';
import { nameOnSource } from '../../definition/replication/renaming';
import { isSelected } from '../../definition/replication/selected-tables';
import { pairTables, type PairedTable } from './pair-tables';
import { dialectOf, type VerifiedSide } from './verified-side';

/** Reads the catalogues and pairs the selected tables of both sides. */
export async function readPairs(on: {
  readonly primary: VerifiedSide;
  readonly other: VerifiedSide;
  readonly tables: Manifest['tables'];
  readonly signal: AbortSignal;
}): Promise<PairedTable[]> {
  const { tables, signal } = on;
  const primaryIsSource = (on.primary.side ?? 'source') === 'source';
  const read = (side: VerifiedSide, isSource: boolean) =>
    dialectOf(side.engine).readTables(
      side.reader,
      (schema, name) => isSelected(tables, nameOnSource(tables.transformations ?? [], `${schema}.${name}`, isSource)),
      signal,
    );
  const [here, there] = await Promise.all([read(on.primary, primaryIsSource), read(on.other, !primaryIsSource)]);
  return pairTables(here, there, tables, primaryIsSource);
}
