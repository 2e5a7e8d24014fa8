import { describeWithMysql, isMariadbBefore106 } from '../../../mysql-server';
import { failureOf, MysqlTestSide, perform, soon } from './mysql-test-side';

describeWithMysql('what a MySQL or MariaDB side says of itself', (server) => {
  let side: MysqlTestSide;
  beforeAll(async () => {
    side = await MysqlTestSide.prepare(server());
    await side.ask(`GRANT TRIGGER ON *.* TO 'cutover_runbook'@'%'`);
  });
  const isMariadb = () => server().engine.product === 'mariadb';

  test('columns that count by themselves are read exactly, with what they can hold and feed', async () => {
    await side.ask(`
      CREATE TABLE orders.bytes (id tinyint unsigned AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB;
      CREATE TABLE orders.wide (id bigint unsigned AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB AUTO_INCREMENT = 9223372036854775900;
      CREATE TABLE orders.\`odd \`\` name\` (\`k ey\` mediumint AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB;
      CREATE TABLE orders.tmp_excluded (id int AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB;
      INSERT INTO orders.customers (name) VALUES ('one'), ('two'), ('three');
      INSERT INTO orders.customers (id, name) VALUES (50, 'fifty'); DELETE FROM orders.customers WHERE id = 50`);
    const database = await side.connect();
    const found = (await database.sequences.readSequences(soon())).sort((a, b) => (a.name < b.name ? -1 : 1));
    const increment = '1';
    expect(found).toEqual([
      { name: 'orders.bytes.id', feeds: ['orders.bytes.id'], lastValue: '0', increment, maximum: '255' },
      {
        ...{ name: 'orders.customers.id', feeds: ['orders.customers.id'], lastValue: '50', increment },
        maximum: '9223372036854775807',
      },
      { name: 'orders.invoices.id', feeds: ['orders.invoices.id'], lastValue: '0', increment, maximum: '2147483647' },
      {
        name: 'orders.odd ` name.k ey',
        feeds: ['orders.odd ` name.k ey'],
        lastValue: '0',
        increment,
        maximum: '8388607',
      },
      {
        ...{ name: 'orders.wide.id', feeds: ['orders.wide.id'], lastValue: '9223372036854775899', increment },
        maximum: '18446744073709551614',
      },
    ]);
    expect(await database.sequences.highestStored(soon())).toEqual(new Map([['orders.customers.id', '3']]));
    await database.close();
  });

  test('on the target columns are named as the source calls them', async () => {
    const manifest = structuredClone(side.manifest);
    manifest.databases.target = manifest.databases.source;
    manifest.tables.include = ['shop.%'];
    manifest.tables.transformations = [
      { kind: 'rename-schema', schema: 'shop', to: 'orders' },
      { kind: 'rename-table', table: 'shop.clients', to: 'customers' },
      { kind: 'rename-column', table: 'shop.clients', column: 'number', to: 'id' },
    ];
    const database = await side.connect({ side: 'target', manifest });
    const feeds = (await database.sequences.readSequences(soon())).flatMap((one) => one.feeds);
    expect(feeds).toContain('shop.clients.number');
    expect(feeds).toContain('shop.invoices.id');
    await database.close();
  });

  test('they go up, all or none, and never back', async () => {
    const database = await side.started(1);
    const odd = 'orders.odd ` name.k ey';
    const wanted = new Map([
      ['orders.customers.id', '1050'],
      ['orders.wide.id', '100'],
      [odd, '7'],
    ]);
    expect(await perform(database.sequences.advanceSequences(wanted))).toBe('applied');
    expect(await perform(database.sequences.advanceSequences(wanted))).toBe('already');
    await side.ask(`INSERT INTO orders.customers (name) VALUES ('next'); INSERT INTO orders.wide VALUES ();
      INSERT INTO orders.\`odd \`\` name\` VALUES ()`);
    expect((await side.ask('SELECT MAX(id) FROM orders.customers')).map(String)).toEqual(['1051']);
    expect(await side.ask('SELECT MAX(id) FROM orders.wide')).toEqual(['9223372036854775900']);
    expect(await side.ask('SELECT MAX(`k ey`) FROM orders.`odd `` name`')).toEqual([8]);
    const advance = (name: string, value: string) =>
      failureOf(
        perform(
          database.sequences.advanceSequences(
            new Map([
              ['orders.invoices.id', '10'],
              [name, value],
            ]),
          ),
        ),
      );
    expect((await advance('orders.bytes.id', '256')).message).toContain('its maximum is 255');
    expect((await advance('orders.tmp_excluded.id', '5')).message).toContain('no sequence of the migrated');
    const invoices = (await database.sequences.readSequences(soon())).find(({ name }) => name === 'orders.invoices.id');
    expect(invoices?.lastValue).toBe('0');
    await database.close();
  });

  test('sequences of MariaDB are moved like columns, with what draws from them', async () => {
    if (!isMariadb()) return;
    await side.ask(`CREATE SEQUENCE orders.tickets START WITH 7 INCREMENT BY 2 CACHE 10;
      CREATE TABLE orders.tickets_sold (id smallint PRIMARY KEY DEFAULT nextval(orders.tickets)) ENGINE=InnoDB;
      INSERT INTO orders.tickets_sold VALUES (DEFAULT)`);
    const database = await side.started(2);
    const tickets = async () =>
      (await database.sequences.readSequences(soon())).find(({ name }) => name === 'orders.tickets');
    expect(await tickets()).toMatchObject({ feeds: ['orders.tickets_sold.id'], increment: '2', maximum: '32767' });
    expect(Number((await tickets())?.lastValue)).toBeGreaterThanOrEqual(7);
    await perform(database.sequences.advanceSequences(new Map([['orders.tickets', '901']])));
    expect((await side.ask('SELECT NEXTVAL(orders.tickets)')).map(String)).toEqual(['903']);
    expect((await database.sequences.highestStored(soon())).get('orders.tickets')).toBe('7');
    await side.ask('CREATE SEQUENCE orders.countdown INCREMENT BY -1');
    expect(await failureOf(database.sequences.readSequences(soon()))).toMatchObject({ code: 'descending-sequence' });
    await side.ask('DROP TABLE orders.tickets_sold; DROP SEQUENCE orders.tickets; DROP SEQUENCE orders.countdown');
    await database.close();
  });

  test('a position is remembered in place of a slot, anew each time, and lost with its file', async () => {
    const database = await side.started(3);
    const { slots } = database;
    expect(await slots.readSlot('turn', soon())).toBeUndefined();
    await perform(slots.createSlot('turn'));
    const first = await slots.readSlot('turn', soon());
    expect(first).toMatchObject({ active: false, retention: 'reserved' });
    expect(first?.confirmedPosition).toMatch(/^.+\.\d+:\d+$/);
    if (isMariadb()) expect(first?.gtid).toMatch(/^\d+-\d+-\d+/);
    await side.ask(`INSERT INTO orders.customers (name) VALUES ('later')`);
    const behind = (await slots.readSlot('turn', soon()))?.retainedBytes ?? 0;
    expect(behind).toBeGreaterThan(first?.retainedBytes ?? 0);
    await perform(slots.advanceSlot('turn'));
    const second = await slots.readSlot('turn', soon());
    expect(second?.confirmedPosition).not.toBe(first?.confirmedPosition);
    await side.ask('FLUSH BINARY LOGS');
    const [file] = (await side.ask('SHOW BINARY LOGS')).slice(-1);
    // MariaDB keeps a file for a moment longer, for its own recovery.
    while ((await side.ask('SHOW BINARY LOGS')).length > 1) await side.ask(`PURGE BINARY LOGS TO '${file}'`);
    expect((await slots.readSlot('turn', soon()))?.retention).toBe('lost');
    expect((await slots.readRetention(soon())).endangered.map(({ name }) => name)).toEqual(['turn']);
    expect(await perform(slots.dropSlot('turn'))).toBe('applied');
    expect(await perform(slots.dropSlot('turn'))).toBe('already');
    expect(await slots.inUse(soon())).toEqual([]);
    await database.close();
  });

  test('the log’s retention and rate are told, and settings that replication needs', async () => {
    const database = await side.connect();
    expect(await database.fitness.settingFaults(soon())).toEqual([]);
    expect((await database.slots.readRetention(soon())).bytesPerSecond).toBeGreaterThan(0);
    const [retention, kept, keptSeconds] = isMariadbBefore106(server())
      ? ['expire_logs_days', 1, 86_400]
      : ['binlog_expire_logs_seconds', 3600, 3600];
    const before = await side.ask(`SELECT @@GLOBAL.${retention}`);
    await side.ask(`SET GLOBAL ${retention} = ${kept}; SET GLOBAL binlog_format = 'MIXED';
      SET GLOBAL binlog_row_image = 'MINIMAL'; SET GLOBAL binlog_row_metadata = 'MINIMAL'`);
    expect((await database.slots.readRetention(soon())).limitSeconds).toBe(keptSeconds);
    expect(await database.fitness.settingFaults(soon())).toEqual([
      { setting: 'binlog_format', value: 'MIXED', needed: 'ROW' },
      { setting: 'binlog_row_image', value: 'MINIMAL', needed: 'FULL' },
      { setting: 'binlog_row_metadata', value: 'MINIMAL', needed: 'FULL' },
      ...(keptSeconds < 86_400
        ? [
            {
              setting: expect.stringContaining('binlog retention hours') as string,
              value: '3600 s',
              needed: 'at least 86400 s',
            },
          ]
        : []),
    ]);
    await side.ask(`SET GLOBAL ${retention} = ${before[0]}; SET GLOBAL binlog_format = 'ROW';
      SET GLOBAL binlog_row_image = 'FULL'; SET GLOBAL binlog_row_metadata = 'FULL'`);
    await database.close();
  });

  test('sessions, old transactions and DDL under way are seen', async () => {
    const database = await side.connect();
    const writer = await side.session('orders_app');
    await writer.query('START TRANSACTION');
    await writer.query(`INSERT INTO customers (name) VALUES ('open')`);
    const changer = await side.session('root');
    const altering = failureOf(changer.query('/* by hand */ ALTER TABLE customers ADD COLUMN later int'));
    let ddl = await database.sessions.ddlUnderWay(soon());
    while (ddl.length === 0) ddl = await database.sessions.ddlUnderWay(soon());
    // MySQL locks the tables that refer to it by foreign keys as well.
    const others = isMariadb() ? [] : ['orders.invoices'];
    expect(ddl).toContainEqual({
      ...{ account: 'root', table: 'orders.customers' },
      processId: expect.stringMatching(/^\d+$/) as string,
    });
    expect(['orders.customers', ...others]).toEqual(expect.arrayContaining(ddl.map(({ table }) => table)));
    await side.ask(`KILL QUERY ${ddl[0]?.processId}`);
    await altering;
    await side.ask('DO SLEEP(1.2)');
    const [open] = await database.sessions.openTransactions(1, soon());
    expect(open).toMatchObject({ account: 'orders_app' });
    expect(open?.ageSeconds).toBeGreaterThanOrEqual(1);
    expect(await database.sessions.openTransactions(3600, soon())).toEqual([]);
    const census = await database.sessions.census(soon());
    expect(census.find(({ account }) => account === 'orders_app')).toMatchObject({
      clientAddress: '127.0.0.1',
      count: 1,
    });
    expect(census.some(({ account }) => account === 'cutover_runbook')).toBe(false);
    await side.ask(`KILL ${open?.processId}`);
    await database.close();
  });

  test('accounts that are not what they are declared to be, and those that nobody declared, are named with a remedy', async () => {
    const database = await side.started(4);
    const aroundBinlog = isMariadb() ? 'BINLOG ADMIN' : 'SESSION_VARIABLES_ADMIN';
    expect(await database.fitness.accountFaults(soon())).toEqual([]);
    expect(await database.fitness.undeclaredAccounts(soon())).toEqual([]);
    await side.ask(`CREATE USER 'stray'@'localhost' IDENTIFIED BY 'x'; CREATE USER 'closed'@'%' ACCOUNT LOCK;
      CREATE USER 'mighty'@'%' IDENTIFIED BY 'x'; GRANT SUPER ON *.* TO 'mighty'@'%';
      CREATE ROLE writers; GRANT INSERT ON orders.* TO writers; GRANT writers TO 'orders_report'@'%';
      GRANT CREATE USER, ${aroundBinlog} ON *.* TO 'orders_app'@'%'`);
    expect(await database.fitness.undeclaredAccounts(soon())).toEqual(['stray']);
    const faults = await database.fitness.accountFaults(soon());
    expect(faults).toEqual(
      expect.arrayContaining([
        {
          account: `'orders_app'@'%'`,
          fault: 'has CREATE USER: it could unlock accounts',
          repair: `REVOKE CREATE USER ON *.* FROM 'orders_app'@'%'`,
        },
        {
          account: `'orders_app'@'%'`,
          fault: expect.stringContaining('may stand in no binlog') as string,
          repair: `REVOKE ${aroundBinlog} ON *.* FROM 'orders_app'@'%'`,
        },
        {
          account: `'orders_report'@'%'`,
          fault: expect.stringMatching(/^may write orders\.\S+ and \d+ more migrated tables as 'writers'/) as string,
          repair: expect.stringMatching(/^REVOKE INSERT ON `orders`\.\* FROM 'writers'/) as string,
        },
      ]),
    );
    expect(faults).toHaveLength(3);
    for (const { repair } of faults) await side.ask(repair);
    expect(await database.fitness.accountFaults(soon())).toEqual([]);
    await side.ask(`GRANT UPDATE (name) ON orders.customers TO 'orders_report'@'%'`);
    expect(await database.fitness.accountFaults(soon())).toMatchObject([{ fault: 'may write orders.customers' }]);
    await side.ask(`REVOKE UPDATE (name) ON orders.customers FROM 'orders_report'@'%'; DROP USER 'stray'@'localhost',
      'closed'@'%', 'mighty'@'%'; DROP ROLE writers`);
    await database.close();
  });

  test('tables without a key, and triggers that would act for replicated rows too, are named', async () => {
    await side.ask(`CREATE TABLE orders.keyless (v int) ENGINE=InnoDB;
      CREATE TRIGGER orders.unguarded BEFORE UPDATE ON orders.customers FOR EACH ROW SET NEW.name = TRIM(NEW.name);
      CREATE TRIGGER orders.guarded BEFORE INSERT ON orders.customers FOR EACH ROW
        BEGIN /* by hand */ IF @cutover_replication IS NULL THEN SET NEW.name = TRIM(NEW.name); END IF; END`);
    const database = await side.connect();
    expect(await database.fitness.tablesWithoutKey(soon())).toEqual(['orders.keyless']);
    expect(await database.fitness.firingTriggers(soon())).toEqual(['orders.unguarded on customers']);
    await side.ask('DROP TRIGGER orders.unguarded; DROP TRIGGER orders.guarded; DROP TABLE orders.keyless');
    await database.close();
  });

  test('rows of DMS’s own tables are counted', async () => {
    const database = await side.connect();
    expect(await database.fitness.exceptionRows(soon())).toBe(0);
    const schema = side.manifest.replication.controlSchema;
    await side.ask(`CREATE DATABASE \`${schema}\`;
      CREATE TABLE \`${schema}\`.awsdms_apply_exceptions (TASK_NAME varchar(128), ERROR text);
      CREATE TABLE \`${schema}\`.awsdms_suspended_tables (TABLE_OWNER varchar(128), TABLE_NAME varchar(128));
      INSERT INTO \`${schema}\`.awsdms_apply_exceptions VALUES ('t', 'e');
      INSERT INTO \`${schema}\`.awsdms_suspended_tables VALUES ('orders', 'customers')`);
    expect(await database.fitness.exceptionRows(soon())).toBe(1);
    expect(await database.fitness.suspendedTables(soon())).toEqual(['orders.customers']);
    await side.ask(`DROP DATABASE \`${schema}\``);
    await database.close();
  });

  test('tables without statistics are analysed, without a word in the binlog', async () => {
    await side.ask(`CREATE TABLE orders.fresh (id int PRIMARY KEY) ENGINE=InnoDB STATS_AUTO_RECALC=0;
      INSERT INTO orders.fresh VALUES (1), (2); DELETE FROM mysql.innodb_table_stats WHERE table_name = 'fresh'`);
    // A session keeps what it may do in its own database.
    await side.ask(`GRANT INSERT ON orders.* TO 'cutover_runbook'@'%'`);
    const database = await side.started(5);
    expect(await database.fitness.tablesWithoutStatistics(soon())).toContain('orders.fresh');
    const position = await side.ask('SHOW MASTER STATUS').catch(() => side.ask('SHOW BINARY LOG STATUS'));
    await perform(database.analyse());
    expect(await database.fitness.tablesWithoutStatistics(soon())).toEqual([]);
    expect(position).toEqual(await side.ask('SHOW MASTER STATUS').catch(() => side.ask('SHOW BINARY LOG STATUS')));
    await database.close();
  });
});
