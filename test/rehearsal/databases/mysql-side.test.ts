import type { Connection, RowDataPacket } from 'mysql2/promise';
import { mysqlLogin } from '../../../rehearsal/engines/mysql';
import type { DatabaseAccounts } from '../../../rehearsal/databases/accounts';
import { prepareMysqlSide } from '../../../rehearsal/databases/mysql/prepare-mysql-side';
import { describeWithMysql } from '../../mysql-server';

const account = (name: string) => ({ name, password: `of ${name}` });
const accountsOf = (name: string): DatabaseAccounts => ({
  runbook: account(`${name}_runbook`),
  replication: account(`${name}_replication`),
  write: [account(`${name}_app`)],
  read: [account(`${name}_report`)],
});

/** As `mysqldump --databases` writes it, with a definer that is nobody here and a collation that MariaDB does not know. */
const dump = `/*M!999999\\- enable the sandbox mode */
/*!40101 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '3E11FA47-71CA-11E1-9E33-C80AA9429562:1-5';
CREATE DATABASE /*!32312 IF NOT EXISTS*/ \`elsewhere\` /*!40100 DEFAULT CHARACTER SET utf8mb4 */;
USE \`elsewhere\`;
DROP TABLE IF EXISTS \`item\`;
CREATE TABLE \`item\` (
  \`id\` int NOT NULL AUTO_INCREMENT,
  \`name\` varchar(40) COLLATE utf8mb4_0900_ai_ci NOT NULL,
  \`changed\` int NOT NULL DEFAULT '0',
  PRIMARY KEY (\`id\`)
) ENGINE=InnoDB;
LOCK TABLES \`item\` WRITE;
INSERT INTO \`item\` VALUES (1,'it''s; \\'quoted\\'',0),(2,'Ω',0);
UNLOCK TABLES;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=\`somebody\`@\`elsewhere\`*/ /*!50003 TRIGGER item_changed BEFORE UPDATE ON item
FOR EACH ROW BEGIN IF @cutover_replication IS NULL THEN SET NEW.changed = OLD.changed + 1; END IF; END */;;
DELIMITER ;
/*!50013 CREATE ALGORITHM=UNDEFINED DEFINER=\`somebody\`@\`elsewhere\` SQL SECURITY DEFINER VIEW names AS SELECT name FROM item */;
`;

describeWithMysql('a MySQL side', (server) => {
  const rows = async (connection: Connection, sql: string) =>
    (await connection.query<RowDataPacket[]>({ sql, rowsAsArray: true }))[0].map((row) =>
      (row as unknown as unknown[]).map(String),
    );
  const login = ({ name, password }: { name: string; password: string }, database: string) => {
    const { engine, tlsServerName, authorityPem } = server();
    const { host, port } = engine;
    return server().connect({
      ...mysqlLogin({ host, port, tlsServerName, authorityPem, user: name, password }),
      database,
    });
  };

  test('takes a dump as it is, and lets each account do its work and no more', async () => {
    const accounts = accountsOf('shop');
    const { remarks } = await prepareMysqlSide({
      ...{ engine: server().engine, database: 'shop', accounts, schemaSql: dump, fenced: false },
      seedSql: "INSERT INTO item (name) VALUES ('seeded');",
    });
    expect(remarks.every((remark) => remark.includes('utf8mb4_0900_ai_ci'))).toBe(true);
    const app = await login(accounts.write[0]!, 'shop');
    await app.query("UPDATE item SET name = 'other' WHERE id = 2");
    expect(await rows(app, 'SELECT * FROM item ORDER BY id')).toEqual([
      ['1', "it's; 'quoted'", '0'],
      ['2', 'other', '1'],
      ['3', 'seeded', '0'],
    ]);
    expect(await rows(app, 'SELECT name FROM names WHERE name = "seeded"')).toEqual([['seeded']]);
    await app.query("INSERT INTO rehearsal_ledger.entries (client, sequence_number, note) VALUES ('a', 1, 'b')");
    await expect(app.query('CREATE TABLE other (id int)')).rejects.toThrow('denied');

    const report = await login(accounts.read[0]!, 'shop');
    expect(await rows(report, 'SELECT count(*) FROM item')).toEqual([['3']]);
    await expect(report.query("INSERT INTO item (name) VALUES ('x')")).rejects.toThrow('denied');

    const replication = await login(accounts.replication, 'shop');
    await replication.query(
      "SET FOREIGN_KEY_CHECKS = 0, @cutover_replication = 1; UPDATE item SET name = 'y' WHERE id = 3",
    );
    expect(await rows(replication, 'SELECT changed FROM item WHERE id = 3')).toEqual([['0']]);

    const runbook = await login(accounts.runbook, 'shop');
    await runbook.query("ALTER USER 'shop_app'@'%' ACCOUNT LOCK");
    await expect(login(accounts.write[0]!, 'shop')).rejects.toThrow('locked');
    const [[connection]] = (await rows(app, 'SELECT CONNECTION_ID()')) as [[string]];
    await runbook.query(`KILL ${connection}`);
    await expect(app.query('SELECT 1')).rejects.toThrow();
    await runbook.query('CREATE DATABASE cutover_local; ALTER TABLE item AUTO_INCREMENT = 1000');
    expect(
      await rows(
        runbook,
        "SELECT count(*) FROM information_schema.triggers WHERE trigger_name = 'item_changed' AND action_statement LIKE '%IS NULL%'",
      ),
    ).toEqual([['1']]);
    await expect(runbook.query("UPDATE item SET name = 'z'")).rejects.toThrow('denied');
  });

  test('that is not primary is locked from the start, and holds no rows', async () => {
    const accounts = accountsOf('store');
    await server()
      .connect()
      .then((root) => root.query('DROP DATABASE rehearsal_ledger; DROP DATABASE rehearsal_probe'));
    await prepareMysqlSide({ engine: server().engine, database: 'store', accounts, schemaSql: dump, fenced: true });
    await expect(login(accounts.write[0]!, 'store')).rejects.toThrow('locked');
    const report = await login(accounts.read[0]!, 'store');
    expect(await rows(report, 'SELECT count(*) FROM item')).toEqual([['0']]);
  });

  test('says which line of a script is wrong', async () => {
    const accounts = accountsOf('broken');
    await expect(
      prepareMysqlSide({
        engine: server().engine,
        database: 'broken',
        accounts,
        schemaSql: 'SELECT 1;\nCREATE TABEL x;',
        fenced: false,
      }),
    ).rejects.toThrow(/the schema of the MySQL side cannot be loaded: line 2: .*, in: CREATE TABEL x/);
    const latin = { engine: server().engine, database: 'latin', accounts: accountsOf('latin'), fenced: false };
    await expect(prepareMysqlSide({ ...latin, schemaSql: 'SET NAMES latin1;' })).rejects.toThrow(
      'the script is in latin1',
    );
    const staff = { engine: server().engine, database: 'staff', accounts: accountsOf('staff'), fenced: false };
    await expect(prepareMysqlSide({ ...staff, schemaSql: 'SELECT 1;\nsource more.dump ;' })).rejects.toThrow(
      /line 2: the mysql client reads more\.dump here.*--source-data/,
    );
  });
});
