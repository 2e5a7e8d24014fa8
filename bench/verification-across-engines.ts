import { createConnection } from 'mysql2/promise';
import { createCertificateAuthority } from '../rehearsal/engines/certificate-authority';
import { startMysql } from '../rehearsal/engines/mysql';
import { chooseAddresses } from '../rehearsal/processes/addresses';
import { startGuardian } from '../rehearsal/processes/guardian';
import { createRunFolder } from '../rehearsal/processes/run-folder';
import {
  everything,
  startPostgresBeside,
  verifyFamilies,
  type TwoFamilies,
} from '../test/runbooks/verification/two-families';
import type { Figure } from './main';

const rows = 500_000;
const documents = 100_000;
const rounds = 3;

const digits =
  '(SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)';
const series = `(SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n + 100000 * f.n + 1 AS i
  FROM ${['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${digits} ${name}`).join(' CROSS JOIN ')}) x`;

/** 14 columns of the usual types, about 285 bytes of text per row; JSON stands in a table of its own. */
const mysqlSchema = `
  CREATE TABLE t (id bigint PRIMARY KEY, customer_id int NOT NULL, email varchar(200) NOT NULL, name varchar(80),
    state enum('draft', 'open', 'paid'), amount decimal(14, 2), tax decimal(6, 4), ratio double, flag tinyint(1),
    created_at datetime(6), due date, uid char(32), note text, small smallint) CHARACTER SET utf8mb4;
  INSERT INTO t SELECT i, i % 1000, concat('user', i, '@example.com'), concat('Name of customer ', i),
    elt(1 + i % 3, 'draft', 'open', 'paid'), (i * 37 % 100000) / 100, (i % 100) / 1000, i / 7e0, i % 2,
    timestamp '2024-01-01 00:00:00' + INTERVAL i * 1000123 MICROSECOND, date '2024-01-01' + INTERVAL i % 365 DAY,
    left(sha2(i, 256), 32), if(i % 5 > 0, repeat('note text ', 8), NULL), i % 100 FROM ${series} WHERE i <= ${rows};
  CREATE TABLE d (id int PRIMARY KEY, doc json) CHARACTER SET utf8mb4;
  INSERT INTO d SELECT i, concat('{"id":', i, ',"name":"x', i, '","price":', i, '.50,"tags":["a","b"]}') FROM ${series} WHERE i <= ${documents};
  ANALYZE TABLE t, d`;

const postgresSchema = `
  CREATE TYPE state AS ENUM ('draft', 'open', 'paid');
  CREATE TABLE t (id bigint PRIMARY KEY, customer_id int NOT NULL, email text NOT NULL, name varchar(80), state state,
    amount numeric(14, 2), tax numeric(6, 4), ratio float8, flag bool, created_at timestamptz, due date, uid uuid,
    note text, small smallint);
  INSERT INTO t SELECT i, i % 1000, 'user' || i || '@example.com', 'Name of customer ' || i,
    (array['draft', 'open', 'paid'])[1 + i % 3]::state, (i * 37 % 100000) / 100.0, (i % 100) / 1000.0, i::float8 / 7,
    i % 2 = 1, timestamptz '2024-01-01 00:00:00Z' + i * interval '1.000123 s', date '2024-01-01' + (i % 365)::int,
    left(encode(sha256(i::text::bytea), 'hex'), 32)::uuid, CASE WHEN i % 5 > 0 THEN repeat('note text ', 8) END, i % 100
  FROM generate_series(1, ${rows}::bigint) i;
  CREATE TABLE d (id int PRIMARY KEY, doc jsonb);
  INSERT INTO d SELECT i, ('{"id":' || i || ',"name":"x' || i || '","price":' || i || '.50,"tags":["a","b"]}')::jsonb
  FROM generate_series(1, ${documents}) i;
  VACUUM ANALYZE t; VACUUM ANALYZE d`;

const signal = new AbortController().signal;
const statements = (sql: string) =>
  sql.split(';\n').flatMap((one) => one.split('; VACUUM').map((part, at) => (at ? `VACUUM${part}` : part).trim()));

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - started) / 1e9;
}
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

async function startBoth() {
  const runFolder = createRunFolder();
  const guardian = startGuardian(runFolder);
  await guardian.ready;
  const authority = await createCertificateAuthority();
  const { source } = await chooseAddresses();
  const tls = { ...(await authority.issue(['mysql.databases.example.com'])), authorityPem: authority.certificatePem };
  const settings = { 'innodb-buffer-pool-size': '768M' };
  const engine = await startMysql({
    ...source,
    runFolder,
    name: 'mysql',
    rootPassword: 'secret',
    settings,
    guardian,
    tls,
  });
  const connection = await createConnection({ ...engine.administrator, multipleStatements: true });
  const beside = await startPostgresBeside(
    { runFolder, guardian },
    { max_parallel_workers_per_gather: '0', shared_buffers: '512MB' },
  );
  const database = async (name: string) => {
    await connection.query(`CREATE DATABASE ${name}; USE ${name}`);
    return connection;
  };
  return {
    engine,
    sides: await beside.database({ engine, runFolder, guardian, database }, 'bench'),
    close: async () => {
      await Promise.all([beside.close(), connection.end()]);
      await guardian.close();
    },
  };
}

const mysqlColumns = 'id, customer_id, email, name, state, amount, tax, ratio, flag, created_at, due, uid, note, small';
const scan = ({ mysqlSide, postgresSide }: TwoFamilies) =>
  Promise.all([
    mysqlSide.reader.query(`SELECT COUNT(*), SUM(LENGTH(CONCAT_WS('', ${mysqlColumns}))) FROM bench.t`, [], signal),
    postgresSide.reader.query('SELECT count(*), sum(length(t::text)) FROM bench.t', [], signal),
  ]);

/** A full pass over MySQL or MariaDB and PostgreSQL, against a scan that reads every column as text, in the same run. */
export async function run(): Promise<Figure[]> {
  const { engine, sides, close } = await startBoth();
  try {
    await Promise.all([
      sides.mysql.query(mysqlSchema),
      (async () => {
        for (const sql of statements(postgresSchema)) await sides.postgres.query(sql);
      })(),
    ]);
    const verify = async (table: string, expected: number) => {
      const result = await verifyFamilies(sides, { tables: { ...everything, include: [`bench.${table}`] } });
      if (result.rows !== expected || result.divergentRows !== 0)
        throw new Error('the benchmark compared something else');
    };
    const [scans, passes, byValue]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < rounds; round += 1) {
      scans.push(await seconds(() => scan(sides)));
      passes.push(await seconds(() => verify('t', rows)));
      byValue.push(await seconds(() => verify('d', documents)));
    }
    await sides.postgres.query('UPDATE bench.t SET amount = amount + 0.01 WHERE id % 41666 = 0');
    const finding = await seconds(() => verify('t', rows).catch(() => undefined));
    const beside = `${engine.product} ${engine.version} and PostgreSQL 17`;
    return [
      { name: `rows compared, ${beside}`, value: rows / median(passes), unit: 'rows/s' },
      { name: 'full pass / scan of both sides as text', value: median(passes) / median(scans), unit: '' },
      { name: 'pass that finds 12 rows / clean pass', value: finding / median(passes), unit: '' },
      { name: 'rows of JSON compared by value', value: documents / median(byValue), unit: 'rows/s' },
    ];
  } finally {
    await close();
  }
}
