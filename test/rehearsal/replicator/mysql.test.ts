import { describeWithMysql } from '../../mysql-server';
import { mysqlToPostgres, type MysqlToPostgres } from './mysql-to-postgres';
import { everyMysqlType } from './mysql/exactness';
import { mysqlPositions } from './mysql/positions';
import { mysqlRuns } from './mysql/runs';

// Starting two engines costs more than most of these tests, so they share a pair.
describeWithMysql('a task that reads MySQL', (server) => {
  let databases: MysqlToPostgres;
  beforeAll(async () => {
    databases = await mysqlToPostgres(server());
  });
  afterAll(() => databases?.stop());

  everyMysqlType(() => databases);
  mysqlRuns(() => databases);
  mysqlPositions(() => databases);
});
