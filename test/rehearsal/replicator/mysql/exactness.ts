import fc from 'fast-check';
import { mysqlRequest, type MysqlToPostgres } from '../mysql-to-postgres';
import { eventually, RunningTask } from '../running-task';
import { typePairs, type TypePair } from './every-type';

export const sourceName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
export const targetName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const onSource = (pair: TypePair): string =>
  (pair.onSource === 'json' ? '?' : (pair.onSource ?? '?')).replaceAll('?', sourceName(pair.name));
const onTarget = (pair: TypePair): string => {
  const expression = (pair.onTarget === 'json' ? '?::text' : (pair.onTarget ?? '?::text')).replace(
    '?',
    targetName(pair.name),
  );
  return pair.onTarget === undefined || pair.onTarget === 'json' ? expression : `(${expression})::text`;
};

/** Both sides' rows as texts that are the same when the values are. */
async function contents(databases: MysqlToPostgres): Promise<[string[][], string[][]]> {
  const list = typePairs.map((pair) => `CAST(${onSource(pair)} AS CHAR CHARACTER SET utf8mb4)`).join(', ');
  const [left] = await databases.onSource.query({ sql: `SELECT ${list} FROM app.t ORDER BY id`, rowsAsArray: true });
  const right = await databases.onTarget.query({
    text: `SELECT ${typePairs.map(onTarget).join(', ')} FROM app.t ORDER BY id`,
    rowMode: 'array',
  });
  const plain = (rows: unknown): string[][] =>
    (rows as (string | null)[][]).map((row) => row.map((value, index) => neutral(typePairs[index] as TypePair, value)));
  return [plain(left), plain(right.rows)];
}

/** Numbers by their value, documents by their content; digits of a document beyond doubles stay in the text of others. */
export function neutral(pair: TypePair, value: string | null): string {
  if (value === null) return 'null';
  if (pair.postgres.startsWith('float')) return String(Number(value));
  if (pair.postgres === 'jsonb') return sorted(value);
  return value;
}

/** Numbers as strings of their digits, so that none is rounded by this comparison. */
function sorted(text: string): string {
  const kept = text.replace(/("(?:[^"\\]|\\.)*")|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g, (token, string?: string) =>
    string === undefined ? `"number ${digits(token)}"` : string,
  );
  return JSON.stringify(JSON.parse(kept), (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
const digits = (number: string): string => (/^-?\d{16,20}$/.test(number) ? number : String(Number(number)));

export function everyMysqlType(databases: () => MysqlToPostgres): void {
  describe('values of every type', () => {
    it('arrive exactly, by the load and by changes', async () => {
      const own = databases();
      const columns = (side: 'mysql' | 'postgres', name: (one: string) => string): string =>
        typePairs.map((pair) => `${name(pair.name)} ${pair[side]}`).join(', ');
      await own.prepare(
        `CREATE TABLE t (id int PRIMARY KEY, computed int AS (id + 1) VIRTUAL, ${columns('mysql', sourceName)},
           doubled int AS (id * 2) STORED) CHARACTER SET utf8mb4`,
        `SET timezone = 'UTC'; CREATE TABLE app.t (id int PRIMARY KEY, computed int GENERATED ALWAYS AS (id + 1) STORED,
           ${columns('postgres', targetName)}, doubled int)`,
      );
      const names = typePairs.map(({ name }) => sourceName(name)).join(', ');
      const rows = fc.sample(fc.tuple(...typePairs.map(({ value }) => fc.option(value, { freq: 8 }))), {
        numRuns: 250,
        seed: 7,
      });
      const insert = async (first: number): Promise<void> => {
        const values = rows.map(
          (row, index) => `(${first + index}, ${row.map((value) => value ?? 'NULL').join(', ')})`,
        );
        await own.onSource.query(`INSERT INTO app.t (id, ${names}) VALUES ${values.join(', ')}`);
      };
      await own.onSource.query(`SET sql_mode = 'ALLOW_INVALID_DATES'`);
      await insert(1);
      const task = new RunningTask(mysqlRequest(own, 'every-type'));
      try {
        await task.loaded();
        await insert(1001);
        // Each row takes its neighbour's values, and back: every type as the image of an update.
        await own.onSource.query(`UPDATE app.t a JOIN app.t b ON b.id = a.id - 1000
          SET ${typePairs.map(({ name }) => `a.${sourceName(name)} = b.${sourceName(name)}`).join(', ')}`);
        await own.onSource.query('UPDATE app.t SET id = id + 5000 WHERE id > 1100; DELETE FROM app.t WHERE id = 7');
        await own.onSource.query('INSERT INTO app.t (id) VALUES (9999)');
        await eventually(async () => {
          const failed = task.statuses.find(({ status }) => status === 'failed');
          if (failed) throw new Error(failed.message);
          return (await own.onTarget.query('SELECT 1 FROM app.t WHERE id = 9999')).rowCount === 1;
        }, 20);
        const [left, right] = await contents(own);
        for (const [index, pair] of typePairs.entries()) {
          const column = (side: string[][]) => side.map((row) => row[index]);
          expect({ type: pair.mysql, values: column(right) }).toEqual({ type: pair.mysql, values: column(left) });
        }
        const refused = await own.onTarget.query('SELECT "ERROR" FROM awsdms_control.awsdms_apply_exceptions');
        expect(refused.rows).toEqual([]);
      } finally {
        await task.stop();
      }
    });
  });
}
