import { clock, startTwoEngines, type TestSide } from '../test/runbooks/verification/two-engines';
import { verifyTables } from '../runbooks/verification/verify';
import type { Figure } from './main';

const rows = 500_000;
const rounds = 3;

/** 15 columns of the usual types, about 285 bytes of text per row. */
const schema = `
  CREATE TYPE state AS ENUM ('draft', 'open', 'paid');
  CREATE TABLE t (id bigint PRIMARY KEY, customer_id int NOT NULL, email text NOT NULL, name varchar(80), state state,
    amount numeric(14, 2), tax numeric(6, 4), ratio float8, flag bool, created_at timestamptz, due date, uid uuid,
    note text, doc jsonb, small smallint);
  INSERT INTO t SELECT i, i % 1000, 'user' || i || '@example.com', 'Name of customer ' || i,
    (array['draft', 'open', 'paid'])[1 + i % 3]::state, (i * 37 % 100000) / 100.0, (i % 100) / 1000.0, i / 7.0, i % 2 = 0,
    timestamptz '2024-01-01 00:00:00Z' + i * interval '1.000123 s', date '2024-01-01' + i % 365, md5(i::text)::uuid,
    CASE WHEN i % 5 > 0 THEN repeat('note text ', 8) END, jsonb_build_object('a', i, 'b', 'x' || i), i % 100
  FROM generate_series(1, ${rows}) i;
  VACUUM ANALYZE t`;

const signal = new AbortController().signal;
const statements = (sql: string) => sql.split(';\n').map((one) => one.trim());

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - started) / 1e9;
}
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** A full pass over both sides against a scan that reads every column as text, in the same run. */
export async function run(): Promise<Figure[]> {
  const engines = await startTwoEngines({ max_parallel_workers_per_gather: '0', shared_buffers: '512MB' });
  try {
    const sides = await engines.database('bench', 'SELECT 1');
    for (const sql of statements(schema)) {
      await Promise.all([sides.source.client.query(sql), sides.target.client.query(sql)]);
    }
    const scan = ({ reader }: TestSide) => reader.query('SELECT count(*), sum(length(t::text)) FROM t', [], signal);
    const verify = async () => {
      const result = await verifyTables({
        primary: { engine: 'postgres', reader: sides.source.reader },
        other: { engine: 'postgres', reader: sides.target.reader },
        tables: { include: ['public.%'], exclude: [], waivers: [] },
        ...{ clock, signal, settleMilliseconds: 0, rechecks: 0, quiet: true },
      });
      if (result.rows !== rows || result.divergentRows !== 0) throw new Error('the benchmark compared something else');
    };
    const scans: number[] = [];
    const passes: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      scans.push(await seconds(() => Promise.all([scan(sides.source), scan(sides.target)])));
      passes.push(await seconds(verify));
    }
    await sides.target.client.query('UPDATE t SET amount = amount + 0.01 WHERE id % 41666 = 0');
    const finding = await seconds(() => verify().catch(() => undefined));
    return [
      { name: 'rows compared, both sides together', value: rows / median(passes), unit: 'rows/s' },
      { name: 'full pass / scan of both sides as text', value: median(passes) / median(scans), unit: '' },
      { name: 'pass that finds 12 rows / clean pass', value: finding / median(passes), unit: '' },
    ];
  } finally {
    await engines.close();
  }
}
