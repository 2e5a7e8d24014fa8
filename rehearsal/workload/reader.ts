import { connect, type FollowerOptions } from './follower';
import { epochMilliseconds } from './clock';
import type { Pace } from './pace';
import type { Random } from './random';
import type { Session } from './session';
import type { Statistics } from './statistics';
import type { TableModel } from './table-model';
import { quoted } from './templates';

export interface ReaderOptions {
  follower: FollowerOptions;
  models: TableModel[];
  pace: Pace;
  random: Random;
  statistics: Statistics;
}

/** As a connection pool lets connections grow only so old: so that a shifted read weight shows. */
const CONNECTION_LIFE_MILLISECONDS = 3000;

/** One client that only reads, through the read record, until the signal. */
export async function read(options: ReaderOptions, signal: AbortSignal): Promise<void> {
  const models = options.models.filter((model) => model.table.readable);
  while (!signal.aborted && models.length > 0) {
    const session = await connect(options.follower, signal);
    if (session === undefined) return;
    await readFrom(session, options, models, signal);
    session.close();
  }
}

async function readFrom(
  session: Session,
  options: ReaderOptions,
  models: TableModel[],
  signal: AbortSignal,
): Promise<void> {
  const { pace, random, statistics } = options;
  const until = epochMilliseconds() + CONNECTION_LIFE_MILLISECONDS * (0.5 + random.fraction());
  for (await pace.turn(signal); !session.broken && !signal.aborted; await pace.turn(signal)) {
    if (epochMilliseconds() > until) return;
    try {
      const model = random.pick(models);
      const template = model.templates.length > 0 ? random.pick(model.templates) : undefined;
      const [name, sql, values] = template && random.chance(0.8) ? byKey(model, template) : newest(model);
      await session.run(sql, values, name);
      statistics.read();
    } catch {
      // A refused read says nothing about writes; a broken connection ends the loop.
    }
  }
}

type Query = [name: string, sql: string, values: (string | null)[]];

function byKey({ table, number }: TableModel, row: Record<string, string | null>): Query {
  const types = new Map(table.columns.map((column) => [column.name, column.type]));
  const where = table.key.map((name, at) => `${quoted(name)} = $${at + 1}::${types.get(name)}`).join(' AND ');
  return [`k${number}`, `SELECT * FROM ${table.sql} WHERE ${where}`, table.key.map((name) => row[name] ?? null)];
}

function newest({ table, number }: TableModel): Query {
  const order = table.key.map((name) => `${quoted(name)} DESC`).join(', ');
  return [`n${number}`, `SELECT * FROM ${table.sql} ORDER BY ${order} LIMIT 10`, []];
}
