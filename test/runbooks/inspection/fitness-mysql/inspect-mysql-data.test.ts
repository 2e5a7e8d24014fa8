import {
  inspectMysqlData,
  type CutShort,
  type DataProgress,
} from '../../../../runbooks/inspection/fitness-mysql/inspect-mysql-data';
import type { SqlReader } from '../../../../runbooks/ports/sql-reader';
import { describeWithMysql } from '../../../mysql-server';
import { clock } from '../../verification/two-engines';
import { startPostgresBeside, type PostgresBeside, type TwoFamilies } from '../../verification/two-families';

describeWithMysql('rows that the target does not take', (server) => {
  let beside: PostgresBeside;
  let sides: TwoFamilies;
  beforeAll(async () => {
    beside = await startPostgresBeside(server());
    sides = await beside.database(server(), 'odd');
    await sides.mysql.query(`SET sql_mode = '', FOREIGN_KEY_CHECKS = 0;
      CREATE TABLE parent (code varchar(9) COLLATE utf8mb4_unicode_ci PRIMARY KEY);
      CREATE TABLE things (id bigint unsigned, part char(2), day date, at datetime, clock time, big bigint unsigned, yes tinyint(1), kind enum('a','b'), name varchar(9) CHARACTER SET utf8mb4,
        uid char(36) CHARACTER SET ascii, doc longtext CHARACTER SET utf8mb4, email varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin UNIQUE, code varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci, wide varchar(9), PRIMARY KEY (id, part),
        CONSTRAINT of_parent FOREIGN KEY (code) REFERENCES parent (code));
      CREATE TABLE lonely (id int PRIMARY KEY, day date);
      ALTER TABLE parent CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;`);
    await sides.postgres.query(`CREATE EXTENSION citext; CREATE TYPE kind AS ENUM ('a', 'b');
      CREATE TABLE parent (code varchar(9) PRIMARY KEY);
      CREATE TABLE things (id numeric(20), part char(2), day date, at timestamptz, clock time, big bigint, yes boolean, kind kind, name varchar(3),
        uid uuid, doc jsonb, email citext UNIQUE, code varchar(9), wide char(9), PRIMARY KEY (id, part))`);
    await sides.mysql.query(`INSERT INTO parent VALUES ('Abc'), ('end '), ('');
      INSERT INTO things (id, part, day, at, clock, big, yes, kind, name, uid, doc, email, code, wide) VALUES
        (1, 'a', '2024-01-01', '2024-01-01', '24:00:00', 9223372036854775807, 1, 'a', 'abc', '00000000-0000-0000-0000-00000000000A', '{"a": "\\\\\\\\u0000"}', 'x@y', 'Abc', ''),
        (18446744073709551615, 'b', '0000-00-00', '2024-00-10', '25:00:00', 9223372036854775808, 2, 'nothing', 'a\\0', 'none', '{', 'X@Y', 'abc', ' x'),
        (3, 'c', '2024-02-00', NULL, '-01:00:00', 1, 0, 'b', 'abcd', NULL, '"\\\\u0000"', 'z', 'lost', 'x ')`);
  });
  afterAll(() => beside.close());

  test.each([1, 2, 20_000])(
    'are counted per column, with keys, read %d at a time, and all others pass',
    async (rowsPerChunk) => {
      const seen: [string, number][] = [];
      const unread: string[] = [];
      const found = await inspectMysqlData({
        source: { family: 'mysql', reader: sides.mysqlSide.reader },
        target: { family: 'postgres', reader: sides.postgresSide.reader },
        tables: { include: ['odd.%'], exclude: [], waivers: [] },
        ...{ clock, rowsPerChunk, onProgress: ({ table, rows }: DataProgress) => void seen.push([table, rows]) },
        onUnread: (table) => void unread.push(table),
        signal: new AbortController().signal,
      });
      const last = '18446744073709551615, b';
      expect(unread).toEqual(['odd.lonely']);
      expect(found.filter(({ isNote }) => isNote).map(({ object }) => object)).toEqual(['odd.parent']);
      expect(found.map(({ column, rows, keys }) => [column, rows, ...keys])).toEqual([
        ['code', 1, 'end '],
        ['day', 2, '3, c', last],
        ['at', 1, last],
        ['clock', 2, '3, c', last],
        ['big', 1, last],
        ['yes', 1, last],
        ['kind', 1, last],
        ['name', 1, last],
        ['name', 1, '3, c'],
        ['uid', 1, last],
        ['doc', 1, last],
        ['doc', 1, '3, c'],
        ['wide', 1, '3, c'],
        ['email', 2, 'X@Y'],
        ['code', 2, 'abc', 'lost'],
      ]);
      if (rowsPerChunk > 3)
        expect(seen).toEqual([
          ['odd.parent', 3],
          ['odd.things', 3],
        ]);
    },
  );

  test.each([
    [100, 0],
    [50, 1],
    [20, 4],
  ])('are read for %d %% of the time: %d rests as long as the statement', async (throttlePercent, times) => {
    let [now, rested] = [0, 0];
    let statements = 0;
    await inspectMysqlData({
      source: {
        family: 'mysql',
        reader: {
          query: async (sql, values, signal) => {
            const rows = await sides.mysqlSide.reader.query(sql, values, signal);
            now += 10;
            statements += /FROM `odd`/.test(sql) ? 1 : 0;
            return rows;
          },
        },
      },
      target: { family: 'postgres', reader: sides.postgresSide.reader },
      tables: { include: ['odd.%'], exclude: [], waivers: [] },
      clock: {
        nowMilliseconds: () => now,
        sleep: async (milliseconds) => {
          now += milliseconds;
          rested += milliseconds;
        },
      },
      ...{ throttlePercent, rowsPerChunk: 1, signal: new AbortController().signal },
    });
    expect(statements).toBeGreaterThan(5);
    // None after the last.
    expect(rested).toBe((statements - 1) * 10 * times);
  });

  /** As the product's own connections do. */
  const endedBySignal = (reader: SqlReader): SqlReader => ({
    query: async (sql, values, signal) => {
      signal.throwIfAborted();
      return reader.query(sql, values, signal);
    },
  });

  test('are told as far as they were read when the reading is interrupted', async () => {
    const stop = new AbortController();
    const told: CutShort[] = [];
    const reading = inspectMysqlData({
      source: { family: 'mysql', reader: endedBySignal(sides.mysqlSide.reader) },
      target: { family: 'postgres', reader: sides.postgresSide.reader },
      tables: { include: ['odd.%'], exclude: ['odd.lonely'], waivers: [] },
      ...{ clock, rowsPerChunk: 2, throttlePercent: 100, signal: stop.signal },
      onProgress: ({ table }) => (table === 'odd.things' ? stop.abort(new Error('interrupted')) : undefined),
      onCutShort: (known) => void told.push(known),
    });
    await expect(reading).rejects.toThrow('interrupted');
    expect(told).toMatchObject([{ partly: 'odd.things', notLookedAt: [] }]);
    const found = told[0]?.found.map(({ object, column, keys }) => [object, column, ...keys]) ?? [];
    expect(found).toContainEqual(['odd.things', 'day', '3, c']);
    expect(found[0]?.[0]).toBe('odd.parent');
  });

  test('are not taken for looked at where even the tables are not known', async () => {
    const told: CutShort[] = [];
    const reading = inspectMysqlData({
      source: { family: 'mysql', reader: endedBySignal(sides.mysqlSide.reader) },
      target: { family: 'postgres', reader: sides.postgresSide.reader },
      tables: { include: ['odd.%'], exclude: [], waivers: [] },
      ...{ clock, signal: AbortSignal.abort(new Error('interrupted')) },
      onCutShort: (known) => void told.push(known),
    });
    await expect(reading).rejects.toThrow('interrupted');
    expect(told).toEqual([{ found: [] }]);
  });
});
