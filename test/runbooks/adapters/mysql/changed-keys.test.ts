import type { ChangedKeys, CollectedChanges } from '../../../../runbooks/ports/changed-keys';
import type { Database } from '../../../../runbooks/ports/database';
import { describeWithMysql, hasTypesOfMariadb } from '../../../mysql-server';
import { MysqlTestSide, perform, soon } from './mysql-test-side';

const feedOf = ({ changedKeys }: Database): ChangedKeys => {
  if (!changedKeys) throw new Error('the side has no feed of changed keys');
  return changedKeys;
};
const keysOf = ({ keys }: CollectedChanges, table: string): string[] =>
  keys.filter((one) => one.table === table).map(({ key }) => key.join(' | '));

describeWithMysql('the feed of changed keys of a MySQL or MariaDB side', (server) => {
  let side: MysqlTestSide;
  beforeAll(async () => {
    side = await MysqlTestSide.prepare(server());
    await side.ask(`GRANT TRIGGER ON orders.* TO 'cutover_runbook'@'%'`);
  });
  const byId = (...tables: string[]) => new Map(tables.map((table) => [`orders.${table}`, ['id']]));

  test('keys that were inserted, moved and deleted come once, after a restart too, and are let go when confirmed', async () => {
    await side.ask(`INSERT INTO orders.customers (id, name) VALUES (1, 'before the feed')`);
    const first = await side.started(1);
    expect(await feedOf(first).openedAtMilliseconds(soon())).toBeUndefined();
    expect(await perform(feedOf(first).open())).toBe('applied');
    expect(await perform(feedOf(first).open())).toBe('already');
    expect(await feedOf(first).collect(byId('customers'), soon())).toMatchObject({ keys: [], complete: true });
    await first.close();

    await side.ask(`INSERT INTO orders.customers (id, name) VALUES (10, 'a'), (11, 'b'), (12, 'c');
      UPDATE orders.customers SET id = 100 WHERE id = 10;
      UPDATE orders.customers SET name = 'x' WHERE id = 11;
      DELETE FROM orders.customers WHERE id = 12;
      START TRANSACTION; INSERT INTO orders.customers (id, name) VALUES (13, 'never'); ROLLBACK;
      INSERT INTO orders.invoices (id, customer_id) VALUES (7, 1)`);
    const second = await side.started(2);
    const changes = await feedOf(second).collect(byId('customers'), soon());
    expect(keysOf(changes, 'orders.customers')).toEqual(['10', '11', '12', '100']);
    // Nobody asked for its keys.
    expect(changes.wholeTables).toEqual(['orders.invoices']);
    expect(await feedOf(second).collect(byId('customers'), soon())).toMatchObject({ keys: changes.keys });
    expect(await perform(feedOf(second).confirm(changes.position))).toBe('applied');
    expect(await perform(feedOf(second).confirm(changes.position))).toBe('already');
    await side.ask('FLUSH BINARY LOGS');
    await side.ask(`INSERT INTO orders.customers (id, name) VALUES (14, 'd')`);
    const later = await feedOf(second).collect(byId('customers', 'invoices'), soon());
    expect([keysOf(later, 'orders.customers'), later.wholeTables, later.complete]).toEqual([['14'], [], true]);
    await perform(feedOf(second).close());
    expect(await feedOf(second).openedAtMilliseconds(soon())).toBeUndefined();
    await second.close();
  });

  test('keys of every type are told as the server prints them', async () => {
    const types: Record<string, readonly string[]> = {
      'bigint unsigned': ['18446744073709551615', '0'],
      bigint: ['-9223372036854775808'],
      'mediumint unsigned': ['16777215'],
      'tinyint(1)': ['-128', '1'],
      'decimal(20,4)': ["'-1234567890123456.7891'", '0.5'],
      date: ["'2026-02-28'", "'1000-01-01'"],
      'datetime(6)': ["'2026-02-28 23:59:59.000001'"],
      datetime: ["'2026-02-28 23:59:59'"],
      'timestamp(3)': ["'2026-02-28 23:59:59.120'"],
      'time(2)': ["'12:30:01.25'"],
      year: ['2026', '1901'],
      'varchar(50) CHARACTER SET utf8mb4': ["'żółć 😀'", "'it''s'", "''", "' space '"],
      'varchar(50) CHARACTER SET latin1': ["'Grüße'"],
      'char(5) CHARACTER SET utf8mb4': ["'ab'"],
      // Collations that MariaDB alone has: the log gives their numbers, which the reader does not know.
      'varchar(9) CHARACTER SET latin1 /*M! COLLATE latin1_swedish_nopad_ci */': ["_utf8mb4'Ã©'"],
      'varchar(9) CHARACTER SET utf16 /*M! COLLATE utf16_nopad_bin */': ["_utf8mb4'é𝄞'"],
      "enum('Ã©') CHARACTER SET latin1 /*M! COLLATE latin1_swedish_nopad_ci */": ["_utf8mb4'Ã©'"],
      "enum('small','it''s, big')": ["'it''s, big'"],
      "set('a','b','c')": ["'a,c'", "''"],
      'binary(6)': ["X'00FF00AB0000'"],
      'varbinary(20)': ["X'00FF00'", "X''"],
      'bit(12)': ["b'000101'", "b'111111111111'"],
      ...(hasTypesOfMariadb(server()) ? { uuid: ["'0b0e1f2a-0000-4000-8000-00000000000f'"] } : {}),
    };
    const tables = Object.entries(types);
    for (const [index, [type]] of tables.entries())
      await side.ask(`CREATE TABLE orders.keyed_${index} (k ${type} NOT NULL PRIMARY KEY, v int) ENGINE=InnoDB`);
    const database = await side.started(3);
    await perform(feedOf(database).open());
    await side.ask(`SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES'`);
    for (const [index, [, values]] of tables.entries())
      for (const value of values) await side.ask(`INSERT INTO orders.keyed_${index} VALUES (${value}, 1)`);
    const columns = new Map(tables.map((_, index) => [`orders.keyed_${index}`, ['k']]));
    const changes = await feedOf(database).collect(columns, soon());
    expect(changes.wholeTables).toEqual([]);
    for (const [index, [type]] of tables.entries()) {
      const printed = /^(var)?binary/.test(type) ? 'LOWER(HEX(k))' : /^bit/.test(type) ? `LPAD(BIN(k), 12, '0')` : 'k';
      const shown = await side.ask(`SELECT CAST(${printed} AS CHAR) FROM orders.keyed_${index} ORDER BY 1`);
      expect([type, keysOf(changes, `orders.keyed_${index}`).sort()]).toEqual([type, [...shown].sort()]);
    }
    await perform(feedOf(database).close());
    await side.ask(tables.map((_, index) => `DROP TABLE orders.keyed_${index}`).join('; '));
    await database.close();
  });

  test('a key of which the log does not say what the server would print makes a whole table', async () => {
    const types: Record<string, string> = {
      'varchar(5) CHARACTER SET latin1': '_latin1 0x81',
      'varchar(5) CHARACTER SET cp866': '_cp866 0xFC',
      'varchar(5) CHARACTER SET sjis': '_sjis 0x8160',
      "enum('ⁿ') CHARACTER SET cp866": '1',
      'time(3)': "'-12:00:00.000'",
    };
    const tables = Object.entries(types);
    for (const [index, [type]] of tables.entries())
      await side.ask(`CREATE TABLE orders.foreign_${index} (k ${type} NOT NULL PRIMARY KEY) ENGINE=InnoDB`);
    const database = await side.started(4);
    await perform(feedOf(database).open());
    for (const [index, [, value]] of tables.entries())
      await side.ask(`INSERT INTO orders.foreign_${index} VALUES (${value})`);
    const names = tables.map((_, index) => `orders.foreign_${index}`);
    const changes = await feedOf(database).collect(new Map(names.map((name) => [name, ['k']])), soon());
    expect([changes.keys, [...changes.wholeTables].sort()]).toEqual([[], names]);
    await perform(feedOf(database).close());
    await side.ask(`DROP TABLE ${names.join(', ')}`);
    await database.close();
  });

  test('rows that a session has written in a way that nobody reads are a failure, not nothing', async () => {
    if (server().engine.product === 'mariadb') return;
    await side.ask(`CREATE TABLE orders.documents (id int PRIMARY KEY, body json) ENGINE=InnoDB;
      INSERT INTO orders.documents VALUES (1, '{"a": 1, "b": "${'x'.repeat(500)}"}')`);
    for (const [setting, statement] of [
      ["binlog_row_value_options = 'PARTIAL_JSON'", `UPDATE orders.documents SET body = JSON_REPLACE(body, '$.a', 2)`],
      ['binlog_transaction_compression = ON', 'UPDATE orders.documents SET body = NULL'],
    ] as const) {
      const database = await side.started(5);
      await perform(feedOf(database).open());
      const writer = await side.session('root');
      await writer.query(`SET SESSION ${setting}; ${statement}`);
      await expect(feedOf(database).collect(byId('documents'), soon())).rejects.toThrow(setting.split(' ')[0]);
      await perform(feedOf(database).close());
      await database.close();
    }
  });

  test('what no key describes makes a whole table: emptied, altered, written as statements, cascades', async () => {
    await side.ask(`
      CREATE TABLE orders.parents (id int PRIMARY KEY) ENGINE=InnoDB;
      CREATE TABLE orders.children (id int PRIMARY KEY, parent int,
        FOREIGN KEY (parent) REFERENCES orders.parents (id) ON DELETE CASCADE ON UPDATE CASCADE) ENGINE=InnoDB;
      CREATE TABLE orders.grandchildren (id int PRIMARY KEY, child int,
        FOREIGN KEY (child) REFERENCES orders.children (id) ON DELETE SET NULL) ENGINE=InnoDB;
      CREATE TABLE orders.emptied (id int PRIMARY KEY) ENGINE=InnoDB;
      CREATE TABLE orders.altered (id int PRIMARY KEY) ENGINE=InnoDB;
      CREATE TABLE orders.stated (id int PRIMARY KEY) ENGINE=InnoDB;
      INSERT INTO orders.parents VALUES (1), (2), (3); INSERT INTO orders.children VALUES (1, 1), (2, 2);
      INSERT INTO orders.grandchildren VALUES (1, 1)`);
    const tables = byId('parents', 'children', 'grandchildren', 'emptied', 'altered', 'stated', 'customers');
    const database = await side.started(6);
    await perform(feedOf(database).open());
    const next = async () => {
      const changes = await feedOf(database).collect(tables, soon());
      await perform(feedOf(database).confirm(changes.position));
      return changes;
    };
    await side.ask(`TRUNCATE TABLE orders.emptied; ALTER TABLE orders.altered ADD COLUMN more int;
      CREATE USER 'customers'@'localhost'; DROP USER 'customers'@'localhost'`);
    expect([...(await next()).wholeTables].sort()).toEqual(['orders.altered', 'orders.emptied']);
    await side.ask(`SET SESSION binlog_format = STATEMENT; INSERT INTO orders.stated VALUES (1);
      SET SESSION binlog_format = ROW`);
    // By what it calls or fires, a statement may write more than it names.
    expect([...(await next()).wholeTables].sort()).toEqual([...tables.keys()].sort());
    if (server().engine.product === 'mariadb') {
      await side.ask('SET STATEMENT lock_wait_timeout = 5 FOR TRUNCATE TABLE orders.stated');
      expect((await next()).wholeTables).toEqual(['orders.stated']);
    }
    await side.ask('INSERT INTO orders.parents VALUES (4)');
    expect(await next()).toMatchObject({ keys: [{ table: 'orders.parents', key: ['4'] }], wholeTables: [] });
    await side.ask('DELETE FROM orders.parents WHERE id = 1');
    const deleted = await next();
    expect(keysOf(deleted, 'orders.parents')).toEqual(['1']);
    if (deleted.keys.length === 1)
      expect([...deleted.wholeTables].sort()).toEqual(['orders.children', 'orders.grandchildren']);
    await side.ask('UPDATE orders.parents SET id = 20 WHERE id = 2');
    const moved = await next();
    expect(keysOf(moved, 'orders.parents')).toEqual(['2', '20']);
    expect(await side.ask('SELECT parent FROM orders.children WHERE id = 2')).toEqual([20]);
    if (moved.keys.length === 2) expect(moved.wholeTables).toContain('orders.children');
    await perform(feedOf(database).close());
    await database.close();
  });

  test('a foreign key counts as one that cascades when the account is not shown what it does', async () => {
    const more = (verb: string) =>
      `${verb} ALTER, TRIGGER ON orders.* ${verb === 'GRANT' ? 'TO' : 'FROM'} 'cutover_runbook'@'%'`;
    await side.ask(`${more('REVOKE')}; REVOKE EVENT ON *.* FROM 'cutover_runbook'@'%'`);
    const database = await side.started(6);
    await perform(feedOf(database).open());
    await side.ask('INSERT INTO orders.parents VALUES (9); DELETE FROM orders.parents WHERE id = 9');
    const changes = await feedOf(database).collect(byId('parents', 'children', 'grandchildren', 'customers'), soon());
    if (server().engine.product === 'mariadb')
      expect([...changes.wholeTables].sort()).toEqual(['orders.children', 'orders.grandchildren']);
    await perform(feedOf(database).close());
    await database.close();
    await side.ask(`${more('GRANT')}; GRANT EVENT ON *.* TO 'cutover_runbook'@'%'`);
  });

  test('the rows of an XA transaction count when it commits, even when it was prepared before what is read', async () => {
    const database = await side.started(7);
    await perform(feedOf(database).open());
    const writer = await side.session('root');
    await writer.query(
      `XA START 'far'; INSERT INTO customers (id, name) VALUES (500, 'xa'); XA END 'far'; XA PREPARE 'far'`,
    );
    const prepared = await feedOf(database).collect(byId('customers', 'invoices'), soon());
    expect(keysOf(prepared, 'orders.customers')).toEqual(['500']);
    await perform(feedOf(database).confirm(prepared.position));
    await writer.query(`XA COMMIT 'far'`);
    const committed = await feedOf(database).collect(byId('customers', 'invoices'), soon());
    expect([...committed.wholeTables].sort()).toEqual(['orders.customers', 'orders.invoices']);
    await perform(feedOf(database).close());
    await database.close();
  });

  test('a feed whose binlog was purged is not open, and says so', async () => {
    const database = await side.started(8);
    await perform(feedOf(database).open());
    await side.ask('FLUSH BINARY LOGS');
    const [file] = (await side.ask('SHOW BINARY LOGS')).slice(-1);
    // Whoever read the log a moment ago may still hold a file.
    while ((await side.ask('SHOW BINARY LOGS')).length > 1) await side.ask(`PURGE BINARY LOGS TO '${file}'`);
    expect(await feedOf(database).openedAtMilliseconds(soon())).toBeUndefined();
    await expect(feedOf(database).collect(byId('customers'), soon())).rejects.toThrow('its binlog is purged');
    expect((await database.slots.readRetention(soon())).endangered).toMatchObject([{ retention: 'lost' }]);
    expect(await perform(feedOf(database).open())).toBe('applied');
    await perform(feedOf(database).close());
    await database.close();
  });

  test('what is in an answer is visible to readers, while others write without pause', async () => {
    const database = await side.started(9);
    await perform(feedOf(database).open());
    let writes = true;
    const writers = [0, 1].map(async (lane) => {
      const writer = await side.session('orders_app');
      for (let id = 10_000 + lane; writes; id += 2)
        await writer.query(`INSERT INTO customers (id, name) VALUES (${id}, 'many')`);
    });
    let seen = 0;
    for (let round = 0; round < 8; round += 1) {
      const changes = await feedOf(database).collect(byId('customers'), soon());
      const ids = keysOf(changes, 'orders.customers');
      const [found] = await database.reader.query(
        'SELECT COUNT(*) AS count FROM orders.customers WHERE id IN (?)',
        [ids.length > 0 ? ids : ['0']],
        soon(),
      );
      expect(Number(found?.['count'])).toBe(ids.length);
      seen += ids.length;
      await perform(feedOf(database).confirm(changes.position));
    }
    writes = false;
    await Promise.all(writers);
    seen += keysOf(await feedOf(database).collect(byId('customers'), soon()), 'orders.customers').length;
    expect(await side.ask(`SELECT COUNT(*) FROM orders.customers WHERE name = 'many'`)).toEqual([String(seen)]);
    await perform(feedOf(database).close());
    await database.close();
  });
});
