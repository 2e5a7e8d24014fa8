import { epochMilliseconds } from '../workload/clock';
import type { Pace } from '../workload/pace';
import type { Random } from '../workload/random';
import type { Statistics } from '../workload/statistics';
import type { Row, TableModel } from '../workload/table-model';
import type { StackClient } from './stack-client';

export interface ApplicationReaderOptions {
  client: StackClient;
  models: TableModel[];
  pace: Pace;
  random: Random;
  statistics: Statistics;
}

/** As a connection pool lets connections grow only so old: so that a shifted read weight shows. */
const CONNECTION_LIFE_MILLISECONDS = 3000;

/** One client that only reads, through the read record, until the signal. */
export async function readThroughApplication(options: ApplicationReaderOptions, signal: AbortSignal): Promise<void> {
  const { client, models, pace, random, statistics } = options;
  const until = () => epochMilliseconds() + CONNECTION_LIFE_MILLISECONDS * (0.5 + random.fraction());
  for (let old = until(); !signal.aborted && models.length > 0;) {
    await pace.turn(signal);
    if (epochMilliseconds() > old) {
      client.close();
      old = until();
    }
    const model = random.pick(models);
    const template = model.templates.length > 0 && random.chance(0.8) ? random.pick(model.templates) : undefined;
    // A refused read says nothing about writes; the next one resolves the name again.
    await client.rows(queryOf(model, template), signal).then(
      () => statistics.read(),
      () => undefined,
    );
  }
  client.close();
}

function queryOf({ table }: TableModel, row: Row | undefined): Record<string, string> {
  if (row === undefined) return { table: table.id };
  return { table: table.id, key: JSON.stringify(table.key.map((name) => row[name] ?? '')) };
}
