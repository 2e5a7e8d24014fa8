import fc from 'fast-check';
import type { Client } from 'pg';
import type { TestDatabases } from '../databases';
import { eventually, RunningTask } from '../running-task';
import { request } from '../task-requests';
import { generatedColumns, moods } from '../type-values';

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const names = generatedColumns.map((column) => column.name);
const labels = moods.map((mood) => `'${mood.replaceAll(`'`, `''`)}'`).join(', ');
const schema = `
  CREATE TYPE app.mood AS ENUM (${labels});
  CREATE DOMAIN app.code AS char(3) CHECK (VALUE ~ '^[A-Z]{3}$');
  CREATE TABLE app.everything (
    a int, b text COLLATE "C",
    ${generatedColumns.map((column) => `${quoted(column.name)} ${column.type}`).join(', ')},
    shouted text GENERATED ALWAYS AS (upper(words)) STORED,
    PRIMARY KEY (a, b));
  ALTER TABLE app.everything ALTER huge SET STORAGE EXTERNAL;
  CREATE TABLE app.marker (id int PRIMARY KEY);`;

type Row = (string | null)[];
const row: fc.Arbitrary<Row> = fc.tuple(...generatedColumns.map((column) => fc.option(column.value, { freq: 6 })));
const key = fc.tuple(fc.nat(2), fc.constantFrom<string>('', `k'"y`, 'é\n'));
const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ put: row, key }) },
  { weight: 3, arbitrary: fc.record({ column: fc.nat(names.length - 1), from: row, key }) },
  { weight: 1, arbitrary: fc.record({ move: key, key }) },
  { weight: 1, arbitrary: fc.record({ remove: fc.constant(true), key }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

async function perform(client: Client, each: Operation): Promise<void> {
  const columns = names.map(quoted);
  if ('put' in each) {
    const parameters = names.map((_, index) => `$${index + 3}`).join(', ');
    const sql = `INSERT INTO app.everything (a, b, ${columns.join(', ')}) VALUES ($1, $2, ${parameters})
      ON CONFLICT (a, b) DO UPDATE SET (${columns.join(', ')}) = ROW (${columns.map((name) => `excluded.${name}`).join(', ')})`;
    await client.query(sql, [...each.key, ...each.put]);
  } else if ('column' in each) {
    const sql = `UPDATE app.everything SET ${columns[each.column]} = $3 WHERE a = $1 AND b = $2`;
    await client.query(sql, [...each.key, each.from[each.column]]);
  } else if ('move' in each) {
    const free = 'NOT EXISTS (SELECT 1 FROM app.everything WHERE a = $3 AND b = $4)';
    await client.query(`UPDATE app.everything SET a = $3, b = $4 WHERE a = $1 AND b = $2 AND ${free}`, [
      ...each.key,
      ...each.move,
    ]);
  } else {
    await client.query('DELETE FROM app.everything WHERE a = $1 AND b = $2', each.key);
  }
}

const content = async (client: Client): Promise<unknown[]> =>
  (await client.query({ text: 'SELECT e::text FROM app.everything e ORDER BY a, b', rowMode: 'array' })).rows;

export const everyType = (given: () => TestDatabases): void =>
  describe('every common type', () => {
    let databases: TestDatabases;
    let source: Client;
    let target: Client;

    beforeAll(async () => {
      databases = given();
      ({ onSource: source, onTarget: target } = databases);
      await databases.prepare(schema);
      // The source's own defaults must not reach the values; those of this test's sessions are set already.
      for (const setting of ["datestyle = 'SQL, DMY'", "timezone = 'Asia/Kolkata'", "intervalstyle = 'sql_standard'"]) {
        await source.query(`ALTER ROLE cutover_replication SET ${setting}`);
      }
      await source.query(`ALTER ROLE cutover_replication SET bytea_output = 'escape'`);
    });

    it('arrives as it was, by the load and by changes of any kind, in transactions', async () => {
      for (const [index, values] of fc.sample(row, 60).entries()) {
        await perform(source, { put: values, key: [100 + index, 'loaded'] });
      }
      const task = new RunningTask(request(databases, 'types'));
      try {
        await task.loaded();
        let marker = 0;
        await fc.assert(
          fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 6 }), async (operations) => {
            await source.query('BEGIN');
            for (const each of operations) await perform(source, each);
            await source.query('COMMIT');
            await source.query('INSERT INTO app.marker VALUES ($1)', [++marker]);
            await eventually(
              async () => (await target.query('SELECT 1 FROM app.marker WHERE id = $1', [marker])).rowCount === 1,
            );
            expect(await content(target)).toEqual(await content(source));
          }),
          { numRuns: 60, endOnFailure: true },
        );
        expect((await content(target)).length).toBeGreaterThan(60);
        expect(task.statuses.map(({ status }) => status)).not.toContain('failed');
      } finally {
        await task.stop();
      }
      const { rows } = await target.query(
        `SELECT * FROM awsdms_control.awsdms_apply_exceptions WHERE "TASK_NAME" = 'TYPES'`,
      );
      expect(rows).toEqual([]);
    });
  });
