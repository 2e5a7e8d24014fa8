import { renamingOf, type Renaming } from '../../../definition/replication/renaming';
import { waivedFor } from '../../../definition/replication/selected-tables';
import type { Database } from '../../ports/database';
import type { Grant } from '../../ports/fitness';
import type { World } from '../../ports/world';
import { no, quality, yes, type Gate } from '../gate';

/** Replication brings rows, no grants: what an account may not do on the side that opens, the application meets there. */
export const grantsGate = ({ manifest }: World, from: Database, to: Database): Gate =>
  quality(`The accounts may do on the ${to.side} what they may on the ${from.side}`, async (signal) => {
    const renaming = renamingOf(manifest.tables.transformations ?? [], from.side === 'source');
    const isWaived = waivedFor(manifest.tables, 'schema');
    const wanted = (await from.fitness.tableGrants(signal))
      .filter(({ object }) => !isWaived(renaming.back(object)))
      .map((grant) => renamed(grant, renaming));
    const missing = await to.fitness.missingGrants(wanted, signal);
    if (missing.length === 0) return yes(comparedText(wanted));
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

/** A column that stays behind is granted nowhere else. */
function renamed(grant: Grant, renaming: Renaming): Grant {
  const columns = grant.columns?.map(({ privilege, names }) => ({
    privilege,
    names: names
      .filter((name) => !renaming.isDropped(grant.object, name))
      .map((name) => renaming.column(grant.object, name)),
  }));
  return { ...grant, object: renaming.table(grant.object), ...(columns && { columns }) };
}

/** What was looked at: all else (sequences, types, whole databases) is not compared. */
function comparedText(grants: readonly Grant[]): string {
  const held = (kind: Grant['kind']) =>
    grants.filter((grant) => grant.kind === kind).reduce((sum, { privileges }) => sum + privileges.length, 0);
  const onColumns = grants.flatMap(({ columns = [] }) => columns).reduce((sum, { names }) => sum + names.length, 0);
  return `compared: ${held('table')} on tables, ${held('view')} on views, ${onColumns} on single columns, ${held('routine')} on routines`;
}
