import type { TableModel } from '../workload/table-model';

/** A rehearsal writes for some minutes; the runbooks ask for a fifth of the keys to be left. */
const WRITING_SECONDS = 600;

/** Tables whose counted keys the clients would use up, and where those end: a category's number in one byte, say. */
export function shortOfKeys(
  models: readonly TableModel[],
  highest: ReadonlyMap<string, string>,
  writesPerSecond: number,
): [TableModel, string][] {
  const wanted = BigInt(Math.ceil((writesPerSecond * WRITING_SECONDS) / Math.max(models.length, 1)));
  return models.flatMap((model): [TableModel, string][] => {
    const counted = model.table.columns.find((each) => each.keyMaker === 'sequence' && each.range !== undefined);
    const last = counted?.range?.[1];
    if (last === undefined) return [];
    const room = BigInt(last) - BigInt(highest.get(`${model.table.id}.${counted?.name}`) ?? 0);
    return room < wanted ? [[model, last]] : [];
  });
}
