import type { TestDatabases } from '../databases';
import { whileReplicating } from '../feed';
import { eventually, type RunningTask } from '../running-task';

const strict = {
  ErrorBehavior: {
    ApplyErrorDeletePolicy: 'STOP_TASK',
    ApplyErrorInsertPolicy: 'STOP_TASK',
    ApplyErrorUpdatePolicy: 'STOP_TASK',
    DataErrorPolicy: 'STOP_TASK',
  },
};

export const applyingChanges = (given: () => TestDatabases): void =>
  describe('applying changes', () => {
    let databases: TestDatabases;
    beforeAll(() => {
      databases = given();
    });

    const rows = async (table: string): Promise<unknown[]> =>
      (
        await databases.onTarget.query<{ row: string }>(`SELECT t::text AS row FROM ${table} t ORDER BY t::text`)
      ).rows.map((each) => each.row);
    /** Waits until the last change on the source is on the target, and compares the whole table. */
    const expectEqual = async (task: RunningTask, table: string): Promise<void> => {
      await databases.onSource.query('INSERT INTO app.marker DEFAULT VALUES');
      const count = 'SELECT count(*) FROM app.marker';
      const wanted = (await databases.onSource.query<{ count: string }>(count)).rows[0]?.count;
      await eventually(async () => {
        if (task.statuses.at(-1)?.status === 'failed') throw new Error(task.statuses.at(-1)?.message);
        return (await databases.onTarget.query<{ count: string }>(count)).rows[0]?.count === wanted;
      });
      const source = await databases.onSource.query<{ row: string }>(
        `SELECT t::text AS row FROM ${table} t ORDER BY t::text`,
      );
      expect(await rows(table)).toEqual(source.rows.map((each) => each.row));
    };
    const prepare = (sql: string) =>
      databases.prepare(`CREATE TABLE app.marker (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY); ${sql}`);

    it('keeps the values of identity columns, also where a key that is always generated is given anew', async () => {
      await prepare(
        'CREATE TABLE app.t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text, big text); ALTER TABLE app.t ALTER big SET STORAGE EXTERNAL',
      );
      await whileReplicating(databases, strict, async (task) => {
        await databases.onSource.query(`INSERT INTO app.t OVERRIDING SYSTEM VALUE VALUES (70, 'x', repeat('y', 9000))`);
        await databases.onSource.query(`UPDATE app.t SET id = DEFAULT, v = 'moved'`);
        await expectEqual(task, 'app.t');
        expect(await rows('app.t')).toHaveLength(1);
      });
    });

    it('does not fire triggers, cascades or foreign keys a second time', async () => {
      await prepare(`
      CREATE TABLE app.parent (id int PRIMARY KEY);
      CREATE TABLE app.child (id int PRIMARY KEY, parent int REFERENCES app.parent ON DELETE CASCADE);
      CREATE TABLE app.audit (id serial PRIMARY KEY, what text);
      CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO app.audit (what) VALUES (TG_OP); RETURN NULL; END $$;
      CREATE TRIGGER note AFTER INSERT OR DELETE ON app.child FOR EACH ROW EXECUTE FUNCTION app.note()`);
      await whileReplicating(databases, strict, async (task) => {
        await databases.onSource.query(
          'INSERT INTO app.parent VALUES (1), (2); INSERT INTO app.child VALUES (10, 1), (20, 2)',
        );
        await databases.onSource.query('DELETE FROM app.parent WHERE id = 1');
        await expectEqual(task, 'app.audit');
        await expectEqual(task, 'app.child');
      });
    });

    it('finds rows by the replica identity: an index, or the whole row with its nulls and duplicates', async () => {
      await prepare(`
      CREATE TABLE app.indexed (id int PRIMARY KEY, code text NOT NULL, v int);
      CREATE UNIQUE INDEX indexed_code ON app.indexed (code);
      ALTER TABLE app.indexed REPLICA IDENTITY USING INDEX indexed_code;
      CREATE TABLE app.whole (a int, b json, c text, g int GENERATED ALWAYS AS (a * 2) STORED);
      ALTER TABLE app.whole REPLICA IDENTITY FULL`);
      await whileReplicating(databases, strict, async (task) => {
        await databases.onSource
          .query(`INSERT INTO app.indexed VALUES (1, 'a', 1), (2, 'b', 2); UPDATE app.indexed SET id = 9 WHERE code = 'a';
        UPDATE app.indexed SET code = 'z' WHERE code = 'b'; UPDATE app.indexed SET v = 0`);
        await databases.onSource.query(
          `INSERT INTO app.whole VALUES (1, '{"x": 1}', NULL), (1, '{"x": 1}', NULL), (1, '{"x": 1}', 'c'), (NULL, NULL, NULL)`,
        );
        await databases.onSource.query(
          `DELETE FROM app.whole WHERE ctid = (SELECT min(ctid) FROM app.whole WHERE c IS NULL AND a = 1)`,
        );
        await databases.onSource.query(`UPDATE app.whole SET c = 'new' WHERE a IS NULL`);
        await expectEqual(task, 'app.indexed');
        await expectEqual(task, 'app.whole');
      });
    });

    it('applies a transaction larger than its pieces as one', async () => {
      await prepare('CREATE TABLE app.t (id int PRIMARY KEY, v text)');
      await whileReplicating(databases, strict, async (task) => {
        await databases.onSource.query(`BEGIN; INSERT INTO app.t SELECT i, 'x' FROM generate_series(1, 7000) i;
        UPDATE app.t SET v = 'y' WHERE id % 2 = 0; DELETE FROM app.t WHERE id % 3 = 0; COMMIT`);
        let seen = 0;
        await eventually(async () => (seen = (await rows('app.t')).length) > 0);
        expect(seen).toBe(4667);
        await expectEqual(task, 'app.t');
        await task.stop();
        expect(task.table('app.t')).toMatchObject({ inserts: 7000, updates: 3500, deletes: 2333 });
      });
    });

    it('empties tables that the source truncated, without the right to truncate', async () => {
      await prepare(
        'CREATE TABLE app.a (id int PRIMARY KEY); CREATE TABLE app.b (id int PRIMARY KEY, a int REFERENCES app.a)',
      );
      await whileReplicating(databases, strict, async (task) => {
        await databases.onSource.query('INSERT INTO app.a VALUES (1), (2); INSERT INTO app.b VALUES (1, 1)');
        await databases.onSource.query('TRUNCATE app.a CASCADE; INSERT INTO app.a VALUES (3)');
        await expectEqual(task, 'app.a');
        await expectEqual(task, 'app.b');
      });
    });

    it('follows columns that were added on both sides', async () => {
      await prepare('CREATE TABLE app.t (id int PRIMARY KEY, v text)');
      await whileReplicating(databases, strict, async (task) => {
        await databases.onSource.query(`INSERT INTO app.t VALUES (1, 'a')`);
        await expectEqual(task, 'app.t');
        for (const side of [databases.onTarget, databases.onSource]) {
          await side.query(`ALTER TABLE app.t ADD w int DEFAULT 5; ALTER TABLE app.t DROP v`);
        }
        await databases.onSource.query(`INSERT INTO app.t VALUES (2, 6); UPDATE app.t SET w = 7 WHERE id = 1`);
        await expectEqual(task, 'app.t');
      });
    });
  });
