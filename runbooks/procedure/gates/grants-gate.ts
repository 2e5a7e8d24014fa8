import { renamingOf } from '../../../definition/replication/renaming';
import { waivedFor } from '../../../definition/replication/selected-tables';
import type { Database } from '../../ports/database';
import type { World } from '../../ports/world';
import { no, quality, yes, type Gate } from '../gate';

/** Replication brings rows, no grants: what an account may not do on the side that opens, the application meets there. */
export const grantsGate = ({ manifest }: World, from: Database, to: Database): Gate =>
  quality(`The accounts may do on the ${to.side} what they may on the ${from.side}`, async (signal) => {
    const renaming = renamingOf(manifest.tables.transformations ?? [], from.side === 'source');
    const isWaived = waivedFor(manifest.tables, 'schema');
    const wanted = (await from.fitness.tableGrants(signal))
      .filter(({ table }) => !isWaived(renaming.back(table)))
      .map((grant) => ({ ...grant, table: renaming.table(grant.table) }));
    const missing = await to.fitness.missingGrants(wanted, signal);
    if (missing.length === 0) return yes();
    return no({
      code: 'missing-grant',
      text: `on the ${to.side}, unlike on the ${from.side}, is not granted to ${missing.map(({ privilege }) => privilege).join('; ')}`,
      value: missing.length,
      limit: 0,
      unit: 'grants',
      setting: 'accounts',
      next: missing.map(({ grant }) => `${grant};`).join(' '),
    });
  });
