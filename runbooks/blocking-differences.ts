import { familyOf } from '../definition/engines';
import type { SideName } from '../definition/manifest/sections';
import { waivedFor } from '../definition/replication/selected-tables';
import { compareAcross, type ComparedSide } from './inspection/across/compare-across';
import { compareSchemas } from './inspection/compare-schemas';
import type { Difference } from './inspection/difference';
import type { World } from './ports/world';

/** Schema and grants of the other side against those of `model`: what forbids to go there, without what is waived. */
export async function blockingDifferences(world: World, model: SideName, signal: AbortSignal): Promise<Difference[]> {
  const isWaived = waivedFor(world.manifest.tables, 'schema');
  const differences = await differencesOf(world, model, signal);
  return differences.filter(({ severity, object }) => severity === 'blocks' && !isWaived(object));
}

/** A side as the comparison across engines takes it. @throws for an engine that the runbooks do not know. */
export function comparedSide({ sides, manifest }: World, side: SideName): ComparedSide {
  const family = familyOf(manifest.databases[side].engine);
  if (family !== 'postgres' && family !== 'mysql') throw new Error(`schemas of ${family} are not compared`);
  return { family, reader: sides[side].reader };
}

function differencesOf(world: World, model: SideName, signal: AbortSignal): Promise<Difference[]> {
  const { accounts, tables } = world.manifest;
  const [primary, other] = [comparedSide(world, model), comparedSide(world, model === 'source' ? 'target' : 'source')];
  const on = { tables, primaryIsSource: model === 'source', signal };
  if (primary.family !== 'postgres' || other.family !== 'postgres') return compareAcross({ ...on, primary, other });
  const names = [...accounts.write, ...accounts.read].map((account) => account.name);
  return compareSchemas({ ...on, primary: primary.reader, other: other.reader, accounts: names });
}
