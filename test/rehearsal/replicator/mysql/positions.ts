import type { RowDataPacket } from 'mysql2/promise';
import { mysqlRequest, type MysqlToPostgres } from '../mysql-to-postgres';
import { eventually, RunningTask } from '../running-task';
import type { TaskRequest } from '../../../../rehearsal/replicator/messages';

const source = 'CREATE TABLE t (id int PRIMARY KEY, v varchar(20) UNIQUE)';
const target = 'CREATE TABLE app.t (id int PRIMARY KEY, v text UNIQUE)';

export function mysqlPositions(databases: () => MysqlToPostgres): void {
  const end = async (): Promise<string> => {
    const [rows] = await databases()
      .onSource.query<RowDataPacket[]>('SHOW MASTER STATUS')
      .catch(() => databases().onSource.query<RowDataPacket[]>('SHOW BINARY LOG STATUS'));
    return `${String(rows[0]?.['File'])}:${String(rows[0]?.['Position'])}`;
  };
  const changes = (identifier: string, cdcStartPosition?: string, more: Partial<TaskRequest> = {}) =>
    mysqlRequest(databases(), identifier, { migrationType: 'cdc', cdcStartPosition, ...more });
  const values = async () =>
    (await databases().onTarget.query<{ id: number; v: string }>('SELECT id, v FROM app.t ORDER BY id')).rows.map(
      ({ id, v }) => `${id}${v}`,
    );
  const show = (...wanted: string[]) => eventually(async () => (await values()).join() === wanted.join(), 20);
  const write = (sql: string) => databases().onSource.query(sql);
  const started: RunningTask[] = [];
  const start = (request: TaskRequest): RunningTask => {
    const task = new RunningTask(request);
    started.push(task);
    return task;
  };
  const failure = async (request: TaskRequest): Promise<string> => {
    const { status, message } = await start(request).end();
    expect(status).toBe('failed');
    return message as string;
  };

  describe('a position', () => {
    beforeEach(() => databases().prepare(source, target));
    afterEach(() => Promise.all(started.splice(0).map((task) => task.stop())));

    it('is where a change-data task begins, and where it goes on after a stop', async () => {
      await write(`INSERT INTO app.t VALUES (1, 'before')`);
      const position = await end();
      await write(`INSERT INTO app.t VALUES (2, 'b')`);
      const first = start(changes('starts', position));
      await show('2b');
      const { recoveryCheckpoint } = await first.stop();
      expect(recoveryCheckpoint).toMatch(/^checkpoint:V1#1#bin\.\d{6}:\d+:/);
      await write(`INSERT INTO app.t VALUES (3, 'c')`);
      const second = start(changes('starts', undefined, { startType: 'resume-processing' }));
      await show('2b', '3c');
      await second.stop();
      // A task that the target knows nothing of goes on at the checkpoint that it is given.
      await write(`INSERT INTO app.t VALUES (4, 'd')`);
      const more = { startType: 'resume-processing' as const, checkpoint: recoveryCheckpoint };
      await databases().onTarget.query('TRUNCATE app.t');
      const third = start(changes('another', undefined, more));
      await show('3c', '4d');
      await third.stop();
    });

    it('is the present end when none is asked for', async () => {
      await write(`INSERT INTO app.t VALUES (1, 'a')`);
      const task = start(changes('from-now'));
      await task.running();
      await write(`INSERT INTO app.t VALUES (2, 'b')`);
      await show('2b');
      await task.stop();
    });

    it('is said to be lost when its file is purged', async () => {
      const position = await end();
      await write('FLUSH BINARY LOGS; FLUSH BINARY LOGS');
      await write(`PURGE BINARY LOGS TO '${(await end()).split(':')[0]}'`);
      const file = position.split(':')[0] as string;
      expect(await failure(changes('purged', position))).toContain(
        `position ${position} is lost: the source has purged ${file}`,
      );
    });

    it('is refused when it is none, or not yet there', async () => {
      expect(await failure(changes('nonsense', '16/B374D848'))).toContain('is not a binlog position');
      const [file] = (await end()).split(':');
      expect(await failure(changes('far', `${file}:999999999`))).toContain('beyond the end');
      expect(await failure(changes('future', 'bin.900000:4'))).toContain('is in no binlog file');
    });

    it('moves on while nothing is written that the task carries', async () => {
      const task = start(changes('idle', await end()));
      await task.running();
      await write(
        'CREATE DATABASE IF NOT EXISTS elsewhere; DROP TABLE IF EXISTS elsewhere.t; CREATE TABLE elsewhere.t (a int PRIMARY KEY)',
      );
      await write('INSERT INTO elsewhere.t VALUES (1)');
      const wanted = await end();
      const saved = `SELECT "POSITION" AS position FROM awsdms_control.awsdms_txn_state WHERE "TASK_NAME" = 'IDLE'`;
      await eventually(
        async () => (await databases().onTarget.query<{ position: string }>(saved)).rows[0]?.position === wanted,
        20,
      );
      await task.stop();
    });

    it('overlaps a load that was read at a later moment: changes come again and leave what is right', async () => {
      const from = await end();
      await write(`INSERT INTO app.t VALUES (1, 'x'), (2, 'y'), (3, 'gone'); UPDATE app.t SET v = 'z' WHERE id = 1;
        INSERT INTO app.t VALUES (4, 'x'); UPDATE app.t SET id = 5 WHERE id = 2; DELETE FROM app.t WHERE id = 3;
        INSERT INTO app.t VALUES (6, 'g'); UPDATE app.t SET v = 'G' WHERE id = 6`);
      const until = await end();
      await databases().onTarget.query(`INSERT INTO app.t VALUES (1, 'z'), (4, 'x'), (5, 'y'), (6, 'G')`);
      await write(`INSERT INTO app.t VALUES (7, 'new')`);
      const made = changes('overlapping', from);
      // As a load leaves it: the target's own memory of the task holds how far both overlap.
      const first = start(changes('overlapping', until));
      await show('1z', '4x', '5y', '6G', '7new');
      await first.stop();
      await databases().onTarget.query(`DELETE FROM app.t WHERE id = 7;
        UPDATE awsdms_control.awsdms_txn_state SET "POSITION" = '${from}..${until}' WHERE "TASK_NAME" = 'OVERLAPPING'`);
      const second = start({ ...made, startType: 'resume-processing' });
      await show('1z', '4x', '5y', '6G', '7new');
      await second.stop();
      const refused = await databases().onTarget.query('SELECT * FROM awsdms_control.awsdms_apply_exceptions');
      expect(refused.rows).toEqual([]);
    });

    it('ends where a captured table gets other columns', async () => {
      const task = start(changes('altered', await end()));
      await task.running();
      await write(`ALTER TABLE app.t ADD COLUMN extra int FIRST; INSERT INTO app.t VALUES (9, 1, 'a')`);
      expect((await task.end()).message).toContain('table app.t was altered while the task ran');
      expect(await values()).toEqual([]);
    });

    it('is not passed by what the binlog does not tell as whole rows', async () => {
      const session = await databases().connect();
      const task = start(changes('minimal', await end()));
      await task.running();
      await session.query(
        `INSERT INTO app.t VALUES (1, 'a'); SET binlog_row_image = MINIMAL; UPDATE app.t SET v = 'b'`,
      );
      expect((await task.end()).message).toContain('binlog_row_image; it must be FULL everywhere');
      const statement = start(changes('statement', await end()));
      await statement.running();
      await session.query(`SET binlog_format = STATEMENT; INSERT INTO app.t VALUES (2, 'a')`);
      expect((await statement.end()).message).toContain('binlog_format; it must be ROW everywhere');
      await session.end();
    });
  });
}
