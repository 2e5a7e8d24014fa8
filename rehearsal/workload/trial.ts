import { inventRow } from './invention';
import type { Random } from './random';
import { parentsFirst, type Row, type TableModel } from './table-model';
import { isText, type Renewal, RENEWALS } from './uniqueness';

/**
 * Inserts a row of the model and changes it, then takes both back; says in `updatable` whether the change was allowed.
 * Gives the reason of a refusal, or undefined.
 */
export type TryRow = (model: TableModel, models: Map<string, TableModel>) => Promise<string | undefined>;

const TRIES = 3;
const MOST_GUESSES = 40;
const WANTED_GUESSES = 8;

/**
 * Finds out by trial, in transactions that are rolled back, how rows of each table can be made: which way of renewing a
 * text that must be unique its rules allow, and whether columns without rules may take any value (a trigger could
 * object). Gives back a sentence for each table that refused everything. Sequences advance by what was tried.
 */
export async function tryModels(
  tryRow: TryRow,
  models: TableModel[],
  random: Random,
  sow: (model: TableModel) => Promise<void>,
): Promise<string[]> {
  const byId = new Map(models.map((model) => [model.table.id, model]));
  const refusals: string[] = [];
  for (const model of parentsFirst(models)) {
    const empty = model.templates.length === 0;
    if (empty) await inventTemplates(tryRow, model, byId, random);
    const refusal = await findWay(tryRow, model, byId);
    if (refusal !== undefined) refusals.push(`${model.table.id}: ${refusal}`);
    else if (empty) await sow(model);
    if (model.sparing) model.insertable = false;
  }
  return refusals;
}

/** Gives an empty table patterns of its own: guesses that its rules turned out to allow. */
async function inventTemplates(
  tryRow: TryRow,
  model: TableModel,
  models: Map<string, TableModel>,
  random: Random,
): Promise<void> {
  // A guess has its shape already: only letters and digits are exchanged.
  model.renewals = new Map(model.supplied.filter(isText).map((column) => [column.name, 'shape']));
  model.insertable = true;
  const allowed: Row[] = [];
  let guess: Row = {};
  for (let guesses = 0; guesses < MOST_GUESSES && allowed.length < WANTED_GUESSES; guesses++) {
    guess = inventRow(model, models, random);
    model.templates = [guess];
    if ((await tryRow(model, models)) === undefined) allowed.push(guess);
  }
  model.templates = allowed.length > 0 ? allowed : [guess];
}

async function findWay(
  tryRow: TryRow,
  model: TableModel,
  models: Map<string, TableModel>,
): Promise<string | undefined> {
  let refusal = 'no rows to take as a pattern';
  let best = { passed: 0, varies: false, renewals: new Map<string, Renewal>(), updatable: false };
  for (const varies of [true, false]) {
    for (const renewals of renewalsOf(model)) {
      Object.assign(model, { varies, renewals, insertable: true });
      let passed = 0;
      for (let tries = 0; tries < TRIES && tries === passed; tries++) {
        const reason = await tryRow(model, models);
        if (reason === undefined) passed++;
        else refusal = reason;
      }
      if (passed > best.passed) best = { passed, varies, renewals, updatable: model.updatable };
      if (passed === TRIES) return undefined;
    }
  }
  const { varies, renewals, updatable } = best;
  Object.assign(model, { varies, renewals, updatable, insertable: best.passed > 0 });
  return best.passed > 0 ? undefined : refusal;
}

/** Every combination of ways for the texts that must be unique, the most telling first; a few are enough. */
function renewalsOf(model: TableModel): Map<string, Renewal>[] {
  let ways: Map<string, Renewal>[] = [new Map<string, Renewal>()];
  for (const column of model.supplied) {
    if (!model.unique.has(column.name) || !isText(column)) continue;
    ways = RENEWALS.flatMap((renewal) => ways.map((way) => new Map<string, Renewal>([...way, [column.name, renewal]])));
  }
  return ways.slice(0, 27);
}
