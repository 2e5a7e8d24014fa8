import type { SideName } from '../definition/manifest/sections';
import { waivedFor } from '../definition/replication/selected-tables';
import { compareSchemas, type Difference } from './inspection/compare-schemas';
import type { World } from './ports/world';

/** Schema and grants of the other side against those of `model`: what forbids to go there, without what is waived. */
export async function blockingDifferences(
  { sides, manifest }: World,
  model: SideName,
  signal: AbortSignal,
): Promise<Difference[]> {
  const { accounts, tables } = manifest;
  const isWaived = waivedFor(tables, 'schema');
  const differences = await compareSchemas({
    primary: sides[model].reader,
    other: sides[model === 'source' ? 'target' : 'source'].reader,
    tables,
    accounts: [...accounts.write, ...accounts.read].map((account) => account.name),
    primaryIsSource: model === 'source',
    signal,
  });
  return differences.filter(({ severity, object }) => severity === 'blocks' && !isWaived(object));
}
