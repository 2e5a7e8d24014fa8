import { stays, type Queue, type Scenario } from '../scenarios/scenario';
import { type Column, readCatalogue } from './catalogue';
import type { WorkloadConfiguration } from './configuration';
import type { JobQueue } from './consumer';
import { insertDrafts } from './draft';
import type { LedgerWriter } from './ledger';
import { superuserClient } from './observer';
import { OwnRows } from './own-rows';
import type { Random } from './random';
import type { Session, SessionOptions } from './session';
import { buildModels, type TableModel } from './table-model';
import { loadTemplates, quoted, sampleTemplates } from './templates';
import { transact } from './transaction';
import { tryRowsWith } from './session-trial';
import { tryModels } from './trial';

const OWN_QUEUE: Queue = { table: 'rehearsal_ledger.jobs', column: 'state', waiting: 'waiting', done: 'done' };
const SOWN_ROWS = 10;

export interface Prepared {
  models: TableModel[];
  queue: JobQueue;
  /** A sentence per table that cannot be written to, and why. */
  skipped: string[];
}

/** Learns the schema from the source's catalogue and finds out by trial how to write to it. */
export async function prepare(
  configuration: WorkloadConfiguration,
  scenario: Scenario,
  superuser: SessionOptions,
  writer: Session,
  ledger: LedgerWriter,
  random: Random,
): Promise<Prepared> {
  const client = superuserClient(superuser);
  await client.connect();
  try {
    const { write, read } = configuration.accounts;
    const wanted = scenario.consumer.queue ?? OWN_QUEUE;
    const tables = (await readCatalogue(client, write[0]?.username ?? '', read[0]?.username)).filter(
      (table) => (!table.id.startsWith('rehearsal_') || table.id === wanted.table) && !stays(scenario, table.id),
    );
    const models = buildModels(tables);
    const queue = queueIn(models, wanted);
    await loadTemplates(client, models);
    const own = models.find((model) => model.table.id === OWN_QUEUE.table);
    if (own) Object.assign(own, { templates: [{ state: 'waiting', payload: 'a job' }], changeable: [] });
    const skipped = tables
      .filter((table) => !models.some((model) => model.table === table))
      .map(
        (table) =>
          `${table.id}: ${table.writable ? 'it has no key by which a row could be found again' : 'no privilege'}`,
      );
    ledger.write({ kind: 'baseline', generated: await highestKeys(client, models) });
    const sow = async (model: TableModel) => {
      await sowRows(writer, model, models, random, ledger);
      const rows = await sampleTemplates(client, model);
      // What was invented stays the pattern of a table whose rows are all too large.
      if (rows.length > 0) model.templates = rows;
    };
    skipped.push(...(await tryModels(tryRowsWith(writer, random), models, random, sow)));
    return { models, queue, skipped };
  } finally {
    await client.end();
  }
}

function queueIn(models: TableModel[], queue: Queue): JobQueue {
  const model = models.find((each) => each.table.id === queue.table);
  const column = model?.table.columns.find((each) => each.name === queue.column);
  const key = model?.table.columns.find((each) => each.name === model.table.key[0]);
  if (!model || !column || !key || model.table.key.length !== 1) {
    throw new Error(
      `The queue ${queue.table} must be a writable table with a key of one column and a column ${queue.column}.`,
    );
  }
  model.consumed = true;
  return {
    table: queue.table,
    sql: model.table.sql,
    key: named(key),
    column: named(column),
    waiting: queue.waiting,
    done: queue.done,
  };
}

function named(column: Column): { sql: string; type: string } {
  return { sql: quoted(column.name), type: column.type };
}

async function highestKeys(
  client: ReturnType<typeof superuserClient>,
  models: TableModel[],
): Promise<[string, string][]> {
  const highest: [string, string][] = [];
  for (const { table } of models) {
    for (const column of table.columns.filter((each) => each.keyMaker === 'sequence')) {
      const { rows } = await client.query<{ highest: string | null }>(
        `SELECT max(${quoted(column.name)})::text AS highest FROM ${table.sql}`,
      );
      if (rows[0]?.highest) highest.push([`${table.id}.${column.name}`, rows[0].highest]);
    }
  }
  return highest;
}

/** An empty table gets a few rows, acknowledged in the ledger like any other, so that others can refer to them. */
async function sowRows(
  session: Session,
  model: TableModel,
  models: TableModel[],
  random: Random,
  ledger: LedgerWriter,
): Promise<void> {
  const byId = new Map(models.map((each) => [each.table.id, each]));
  for (let row = 1; row <= SOWN_ROWS; row++) {
    const drafts = insertDrafts(model, new OwnRows(), byId, random);
    const client = `sower of ${model.table.id}`;
    const request = { client, sequence: row, note: client, side: 'source' as const, drafts, holdMilliseconds: 0 };
    ledger.write((await transact(session, request, random)).record);
  }
}
