import { describeWithMysql } from '../../../mysql-server';
import { MysqlTestSide, soon } from './mysql-test-side';

describeWithMysql('connecting to MySQL', (server) => {
  let side: MysqlTestSide;
  beforeAll(async () => {
    side = await MysqlTestSide.prepare(server());
  });

  test('values come back as the engine’s text', async () => {
    const database = await side.connect({ mode: 'plan' });
    const [row] = await database.reader.query('SELECT 1 AS one', [], soon());
    expect(row).toEqual({ one: '1' });
    await database.close();
  });
  test('starts', async () => {
    const database = await side.started(3);
    expect(await database.control.readState(soon())).toMatchObject({ epoch: 3 });
    await database.close();
  });
});
