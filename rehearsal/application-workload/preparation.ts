import type { ApplicationSession, JobQueue } from '../application/engine/application-session';
import { openApplicationSession } from '../application/engine/open-session';
import type { NeutralTable } from '../application/model/neutral-table';
import type { Queue, Scenario } from '../scenarios/scenario';
import type { LedgerWriter } from '../workload/ledger';
import type { Random } from '../workload/random';
import { buildModels, type TableModel } from '../workload/table-model';
import { tryModels } from '../workload/trial';
import type { ApplicationWorkloadConfiguration } from './configuration';
import { EXAMINED_ROWS, patternsAmong } from './patterns';
import { shortOfKeys } from './short-of-keys';
import type { SendTransaction } from './sowing';
import { sowRows } from './sowing';
import { tryRowsOnBoth } from './trial';

const OWN_QUEUE: Queue = { table: 'rehearsal_ledger.jobs', column: 'state', waiting: 'waiting', done: 'done' };

export interface PreparedApplication {
  models: TableModel[];
  queue: JobQueue;
  /** A sentence per table that cannot be written to, and why. */
  skipped: string[];
}

/** Finds out from the source's rows, and by trial on both sides, how to write to the tables of the model. */
export async function prepareApplication(
  configuration: ApplicationWorkloadConfiguration,
  scenario: Scenario,
  send: SendTransaction,
  ledger: LedgerWriter,
  random: Random,
): Promise<PreparedApplication> {
  const { databases, accounts, tables } = configuration;
  const wanted = scenario.consumer.queue ?? OWN_QUEUE;
  const used = tables.filter(({ id }) => !id.startsWith('rehearsal_') || id === wanted.table);
  const open = (side: 'source' | 'target', account = databases[side].administrator) => {
    const { administrator: _administrator, ...endpoint } = databases[side];
    return openApplicationSession(endpoint, { side, account, applicationName: 'rehearsal preparation' });
  };
  const [reading, writing, other] = await Promise.all([
    open('source'),
    open('source', accounts.write[0]),
    open('target'),
  ]);
  try {
    await other.ignoreForeignKeys();
    const models = buildModels(used);
    const queue = queueIn(models, used, wanted);
    const sample = async (model: TableModel) => {
      const table = used.find(({ id }) => id === model.table.id) as NeutralTable;
      const rows = patternsAmong(table, await reading.some(table, EXAMINED_ROWS));
      // What was invented stays the pattern of a table whose rows are all too large or hold what one side cannot.
      if (rows.length > 0) model.templates = rows;
    };
    for (const model of models) await sample(model);
    const own = models.find((model) => model.table.id === OWN_QUEUE.table);
    if (own) Object.assign(own, { templates: [{ state: 'waiting', payload: 'a job' }], changeable: [] });
    const skipped = used
      .filter((table) => table.key.length === 0 || !table.writable)
      .map(({ id, writable }) =>
        writable
          ? `${id}: it has no key by which a row could be found again on both sides`
          : `${id}: triggers write to it`,
      );
    const highest = await highestKeys(reading, models, used);
    ledger.write({ kind: 'baseline', generated: highest });
    for (const [model, last] of shortOfKeys(models, new Map(highest), scenario.workload.writesPerSecond)) {
      model.sparing = true;
      skipped.push(`${model.table.id}: no rows are added, its keys end at ${last}`);
    }
    const sow = async (model: TableModel) => {
      await sowRows(model, models, random, send);
      await sample(model);
    };
    skipped.push(...(await tryModels(tryRowsOnBoth(writing, other, used, random), models, random, sow)));
    return { models, queue, skipped };
  } finally {
    for (const session of [reading, writing, other]) session.close();
  }
}

function queueIn(models: TableModel[], tables: NeutralTable[], queue: Queue): JobQueue {
  const table = tables.find(({ id }) => id === queue.table);
  const model = models.find((each) => each.table.id === queue.table);
  if (!table || !model || table.key.length !== 1 || !table.columns.some(({ name }) => name === queue.column)) {
    throw new Error(
      `The queue ${queue.table} must be a table of both sides with a key of one column and a column ${queue.column}.`,
    );
  }
  model.consumed = true;
  return { table, column: queue.column, waiting: queue.waiting, done: queue.done };
}

async function highestKeys(
  session: ApplicationSession,
  models: TableModel[],
  tables: NeutralTable[],
): Promise<[string, string][]> {
  const highest: [string, string][] = [];
  for (const table of tables.filter(({ id }) => models.some((model) => model.table.id === id))) {
    for (const { name } of table.columns.filter(({ keyMaker }) => keyMaker === 'sequence')) {
      const value = await session.highest(table, name);
      if (value !== null) highest.push([`${table.id}.${name}`, value]);
    }
  }
  return highest;
}
