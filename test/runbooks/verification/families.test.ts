import * as fc from 'fast-check';
import { escape } from 'mysql2';
import { describeWithMysql, hasTypesOfMariadb } from '../../mysql-server';
import { startPostgresBeside, verifyFamilies, type PostgresBeside, type TwoFamilies } from './two-families';
import { numberPairs } from './number-pairs';
import { mariadbPairs, otherPairs } from './other-pairs';
import { textPairs } from './text-pairs';
import { mysqlLiteral, type TypePair } from './type-pair';

type Cells = readonly (string | null)[];

describeWithMysql('every pair of the type table, MySQL beside PostgreSQL', (server) => {
  let beside: PostgresBeside;
  let sides: TwoFamilies;
  let pairs: readonly TypePair[];
  beforeAll(async () => {
    pairs = [...numberPairs, ...textPairs, ...otherPairs, ...(hasTypesOfMariadb(server()) ? mariadbPairs : [])];
    beside = await startPostgresBeside(server());
    sides = await beside.database(server(), 'pairs');
    const columns = (of: 'mysql' | 'postgres') => pairs.map((pair, index) => `c${index} ${pair[of]}`).join(', ');
    await sides.mysql.query(`CREATE TABLE t (id int PRIMARY KEY, ${columns('mysql')}) CHARACTER SET utf8mb4`);
    await sides.postgres.query(`CREATE TYPE colour AS ENUM ('blue', 'red')`);
    await sides.postgres.query(`CREATE TABLE t (id int PRIMARY KEY, ${columns('postgres')})`);
  });
  afterAll(() => beside?.close());

  const fill = async (rows: { mysql: Map<number, Cells>; postgres: Map<number, Cells> }) => {
    await sides.mysql.query('TRUNCATE t');
    await sides.postgres.query('TRUNCATE t');
    for (const [id, cells] of rows.mysql) {
      const literals = cells.map((cell, index) => mysqlLiteral(pairs[index] as TypePair, cell, escape));
      await sides.mysql.query(`INSERT INTO t VALUES (${[id, ...literals].join(', ')})`);
    }
    for (const [id, cells] of rows.postgres) {
      const values = cells.map((_, index) => `$${index + 1}::text::${pairs[index]?.postgres}`);
      await sides.postgres.query(`INSERT INTO t VALUES (${[id, ...values].join(', ')})`, [...cells]);
    }
  };
  const only = (column: number, value: string | null): Cells =>
    pairs.map((_, index) => (index === column ? value : null));
  const cases = (of: 'different' | 'alike') =>
    pairs.flatMap((pair, column) => (pair[of] ?? []).map(([mysql, postgres]) => ({ pair, column, mysql, postgres })));
  const fillCases = (all: ReturnType<typeof cases>) =>
    fill({
      mysql: new Map(all.map(({ column, mysql }, id) => [id, only(column, mysql)])),
      postgres: new Map(all.map(({ column, postgres }, id) => [id, only(column, postgres)])),
    });
  const found = async (primary: 'mysqlSide' | 'postgresSide') => {
    const result = await verifyFamilies(sides, { primary: sides[primary] });
    expect(result.unverifiedTables).toEqual([]);
    return new Map(
      result.tables[0]?.divergentKeys.map(({ key, kind, columns }) => [Number(key[0]), `${kind}: ${columns?.join()}`]),
    );
  };

  test.each(['mysqlSide', 'postgresSide'] as const)(
    'each difference is found, with %s as the primary',
    async (primary) => {
      const all = cases('different');
      // A result names the first hundred.
      for (let at = 0; at < all.length; at += 100) {
        const some = all.slice(at, at + 100);
        await fillCases(some);
        const seen = await found(primary);
        const told = some.map(({ pair, mysql, postgres }, id) => [
          pair.mysql,
          pair.postgres,
          mysql,
          postgres,
          seen.get(id),
        ]);
        expect(told).toEqual(
          some.map(({ pair, mysql, postgres, column }) => [
            pair.mysql,
            pair.postgres,
            mysql,
            postgres,
            `different: c${column}`,
          ]),
        );
      }
    },
  );

  test('what is written in different ways and is the same value is equal', async () => {
    const all = cases('alike');
    await fillCases(all);
    expect([...(await found('mysqlSide'))].map(([id]) => all[id])).toEqual([]);
  });

  test('random rows are equal to their copy, and one changed cell is found exactly', async () => {
    const row = fc.tuple(...pairs.map((pair) => fc.option(pair.same, { freq: 9 })));
    const change = fc.record({ at: fc.nat(), column: fc.nat({ max: pairs.length - 1 }), by: row });
    const property = fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 12 }),
      change,
      async (rows, { at, column, by }) => {
        const mysql = new Map(rows.map((cells, id) => [id, cells]));
        await fill({ mysql, postgres: mysql });
        expect([...(await found('mysqlSide'))]).toEqual([]);
        const id = at % rows.length;
        const [before, after] = [rows[id]?.[column] ?? null, by[column] ?? null];
        await sides.postgres.query(`UPDATE t SET c${column} = $1::text::${pairs[column]?.postgres} WHERE id = ${id}`, [
          after,
        ]);
        const type = pairs[column]?.postgres;
        const { rowCount } = await sides.postgres.query(
          `SELECT FROM t WHERE id = ${id} AND c${column}::text IS DISTINCT FROM $1::text::${type}::text`,
          [before],
        );
        expect([...(await found('postgresSide'))]).toEqual(rowCount ? [[id, `different: c${column}`]] : []);
      },
    );
    await fc.assert(property, { numRuns: 25, endOnFailure: true });
  });
});
