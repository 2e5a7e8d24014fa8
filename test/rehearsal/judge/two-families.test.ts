import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openApplicationSession } from '../../../rehearsal/application/engine/open-session';
import { judge, type JudgeInput, type Judgement } from '../../../rehearsal/judge/judge';
import type { SideConnection } from '../../../rehearsal/judge/side-connection';
import {
  LedgerWriter,
  readLedger,
  type LedgerRecord,
  type TransactionRecord,
} from '../../../rehearsal/workload/ledger';
import type { Side } from '../../../rehearsal/workload/configuration';
import { describeWithMysql } from '../../mysql-server';
import { shop } from '../application/shop';
import { ACCOUNTS, login, startTwoSides, type TwoSides } from '../application/two-sides';
import { CONTROL_FILE, startApplication, type RunningApplication } from '../application-workload/running';

const CONTROL = require.resolve('../../../rehearsal/workload/consumer-control.js');

describeWithMysql('a move from MySQL to PostgreSQL and back by hand', (server) => {
  let sides: TwoSides;
  let application: RunningApplication;
  let input: JudgeInput;
  let sound: Judgement;
  /** When the target served. */
  let there: number;

  const control = (...command: string[]) =>
    promisify(execFile)(process.execPath, [CONTROL, join(server().runFolder, CONTROL_FILE), ...command]).then(
      () => 0,
      (error: { code: number }) => error.code,
    );
  const administrator = (side: Side) => {
    const { administrator: account, ...endpoint } = sides.databases[side];
    return openApplicationSession(endpoint, { side, account, applicationName: 'test' });
  };
  const tables = ['rehearsal_ledger.jobs', 'shop.customer', 'shop.line'];
  const nameOn = (side: Side, id: string) => (side === 'target' && id === 'shop.line' ? 'shop.entry_line' : id);

  /** Stands for replication: all rows, and of the ledger those entries that are not there yet, with their keys. */
  async function copy(from: Side, to: Side): Promise<void> {
    const [reading, writing] = [await administrator(from), await administrator(to)];
    await writing.ignoreForeignKeys();
    if (to === 'source') {
      const empty = [...tables].reverse().map((id) => `DELETE FROM ${id}`);
      await sides.sql(to, `SET FOREIGN_KEY_CHECKS = 0; ${empty.join('; ')}`);
    } else await sides.sql(to, `TRUNCATE ${tables.map((id) => nameOn('target', id)).join(', ')}`);
    for (const id of tables) {
      const table = sides.model.find((each) => each.id === id);
      if (!table) throw new Error(id);
      for (const row of await reading.some(table, 100_000)) {
        const { twice: _computed, ...values } = row;
        await writing.insert(table, values);
      }
    }
    const entries = 'SELECT id, client, sequence_number AS number, note FROM rehearsal_ledger.entries ORDER BY id';
    const standing = new Set((await sides.sql(to, entries)).map(({ id }) => String(id)));
    const missing = (await sides.sql(from, entries)).filter(({ id }) => !standing.has(String(id)));
    const literals = missing.map(
      (row) => `(${String(row['id'])}, '${String(row['client'])}', ${String(row['number'])}, '')`,
    );
    if (literals.length > 0)
      await sides.sql(
        to,
        `INSERT INTO rehearsal_ledger.entries (id, client, sequence_number, note) VALUES ${literals.join(', ')}`,
      );
    reading.close();
    writing.close();
  }

  async function raiseKeys(side: Side): Promise<void> {
    const made = [...tables.filter((id) => id !== 'shop.line'), 'rehearsal_ledger.entries'];
    for (const id of made) {
      const other = side === 'source' ? 'target' : 'source';
      const rows = await sides.sql(other, `SELECT max(id) AS top FROM ${nameOn(other, id)}`);
      const above = Number(rows[0]?.['top'] ?? 0) + 1000;
      if (side === 'target') await sides.sql(side, `SELECT setval(pg_get_serial_sequence('${id}', 'id'), ${above})`);
      else {
        const given = await sides.sql('target', `SELECT last_value AS v FROM ${id}_id_seq`);
        await sides.sql(side, `ALTER TABLE ${id} AUTO_INCREMENT = ${Math.max(above, Number(given[0]?.['v'])) + 1000}`);
      }
    }
  }

  async function move(from: Side, to: Side): Promise<{ verb: string; from: number; until: number }> {
    expect(await control('pause')).toBe(0);
    expect(await control('prove')).toBe(0);
    const began = Date.now();
    await sides.lock(from, true);
    for (let tries = 0; tries < 3; tries++) await sides.endSessions(from);
    await copy(from, to);
    await raiseKeys(to);
    application.pointNameTo(to);
    await sides.lock(to, false);
    expect(await control('resume', to)).toBe(0);
    return { verb: to === 'target' ? 'switch' : 'roll-back', from: began, until: Date.now() };
  }

  beforeAll(async () => {
    sides = await startTwoSides(server(), shop);
    application = await startApplication(server(), sides);
    const scenarioFolder = join(server().runFolder, 'scenario-of-shop');
    mkdirSync(scenarioFolder);
    writeFileSync(join(scenarioFolder, 'source-schema.sql'), shop.source);
    writeFileSync(join(scenarioFolder, 'target-schema.sql'), shop.target);
    writeFileSync(join(scenarioFolder, 'scenario.json'), JSON.stringify({ name: 'shop' }));
    const clients = await application.startClients({ scenarioFolder });
    await clients.acknowledges(120);
    const windows = [await move('source', 'target')];
    there = Date.now();
    await clients.acknowledges(120);
    windows.push(await move('target', 'source'));
    await clients.acknowledges(120);
    await clients.child.stop();
    const { host, port, tlsServerName, caCertificatePem, database, administrator: account } = sides.databases.target;
    const connections: Record<Side, SideConnection> = {
      source: { ...sides.databases.source, family: 'mysql' },
      target: {
        ...{ endpoint: { address: host, tlsServerName }, port, database, caCertificatePem },
        ...{ account, applicationName: 'test' },
      },
    };
    input = {
      ...{
        ledgerFile: application.ledgerFile,
        connections,
        tables: sides.model,
        writeAccounts: ACCOUNTS.write,
        windows,
      },
      ...{ replicationEnded: true, maxWritePauseMilliseconds: 120_000, captured: [], secrets: [] },
    };
    sound = await judge(input);
  }, 240_000);
  afterAll(async () => {
    await application?.close();
    await sides?.close();
  });

  const ledger = async (): Promise<LedgerRecord[]> => {
    const records: LedgerRecord[] = [];
    for await (const record of readLedger(input.ledgerFile)) records.push(record);
    return records;
  };
  const someRecord = async (fit: (record: TransactionRecord) => boolean): Promise<TransactionRecord> => {
    const found = (await ledger()).find((each) => each.kind === 'transaction' && fit(each));
    if (found?.kind !== 'transaction') throw new Error('the ledger has no such record');
    return found;
  };

  function judged(name: string, records: readonly LedgerRecord[]): Promise<Judgement> {
    const ledgerFile = `${input.ledgerFile}.${name}`;
    const writer = new LedgerWriter(ledgerFile);
    records.forEach((record) => writer.write(record));
    writer.close();
    return judge({ ...input, ledgerFile });
  }

  /** Does a harm, judges, and undoes it. */
  async function harmed(side: Side, harm: string, undo: string): Promise<Judgement> {
    await sides.sql(side, harm);
    return judge(input).finally(() => sides.sql(side, undo));
  }

  test('is judged sound', () => {
    const verdicts = Object.fromEntries(
      Object.entries(sound.invariants).map(([name, { verdict, evidence }]) => [
        name,
        verdict === 'violated' ? evidence : verdict,
      ]),
    );
    expect(verdicts).toMatchObject({ I1: 'held', I2: 'held', I3: 'held', I4: 'held', I5: 'held', I11: 'held' });
    expect(sound).toMatchObject({ primary: 'source', lostWrites: 0, duplicateWrites: 0, writesAcceptedByBothSides: 0 });
    expect(sound.switches.map(({ direction }) => direction)).toEqual(['forward', 'reverse']);
    expect(sound.acknowledgedWrites).toBeGreaterThan(360);
    expect(sound.invariants.I2.evidence.join('\n')).toMatch(/the source keeps no commit timestamps.*within \d+\.\d ms/);
  });

  test('a lost write is seen, made here or there', async () => {
    const table = 'rehearsal_ledger.entries';
    for (const wanted of ['source', 'target']) {
      const { client, sequence } = await someRecord(({ side, outcome }) => side === wanted && outcome === 'ok');
      const where = `client = '${client}' AND sequence_number = ${sequence}`;
      const judgement = await harmed(
        'source',
        `CREATE TABLE kept AS SELECT * FROM ${table} WHERE ${where}; DELETE FROM ${table} WHERE ${where}`,
        `INSERT INTO ${table} SELECT * FROM kept; DROP TABLE kept`,
      );
      expect(judgement.invariants.I1.verdict).toBe('violated');
      expect(judgement.lostWrites).toBe(1);
    }
  });

  test('a doubled write is seen', async () => {
    const judgement = await harmed(
      'source',
      `INSERT INTO rehearsal_ledger.entries (client, sequence_number, note)
         SELECT client, sequence_number, 'again' FROM rehearsal_ledger.entries WHERE client = 'writer-1' LIMIT 1`,
      "DELETE FROM rehearsal_ledger.entries WHERE note = 'again'",
    );
    expect(judgement).toMatchObject({ duplicateWrites: 1, invariants: { I1: { verdict: 'violated' } } });
  });

  test('a row that differs by a microunit, and one that came from elsewhere, are seen', async () => {
    const judgement = await harmed(
      'source',
      'SET @cutover_replication = 1; UPDATE customer SET balance = balance + 0.001',
      'SET @cutover_replication = 1; UPDATE customer SET balance = balance - 0.001',
    );
    expect(judgement.invariants.I1.evidence.join('\n')).toMatch(/row differs: shop\.customer/);
    const foreign = await harmed(
      'source',
      "INSERT INTO rehearsal_ledger.entries (client, sequence_number, note) VALUES ('nobody', 1, 'nobody')",
      "DELETE FROM rehearsal_ledger.entries WHERE client = 'nobody'",
    );
    expect(foreign.invariants.I1.evidence).toEqual(['unknown: nobody wrote nobody #1']);
  });

  test('a write on MySQL while PostgreSQL served is a stray, and one on PostgreSQL while MySQL serves', async () => {
    const onSource = await harmed(
      'source',
      `INSERT INTO rehearsal_probe.attempts (id, at) VALUES (999999, FROM_UNIXTIME(${(there + 300) / 1000}))`,
      'DELETE FROM rehearsal_probe.attempts WHERE id = 999999',
    );
    expect(onSource.invariants.I2.verdict).toBe('violated');
    expect(onSource.writesAcceptedByBothSides).toBe(1);
    const onTarget = await harmed(
      'target',
      'INSERT INTO rehearsal_probe.attempts (id) VALUES (999999)',
      'DELETE FROM rehearsal_probe.attempts WHERE id = 999999',
    );
    expect(onTarget.invariants.I2.verdict).toBe('violated');
  });

  test('an unlocked account on both sides is seen, whichever it is', async () => {
    const judgement = await harmed('target', 'ALTER ROLE orders_worker LOGIN', 'ALTER ROLE orders_worker NOLOGIN');
    expect(judgement.openAtEnd).toEqual(['source', 'target']);
    expect(judgement.invariants.I2.verdict).toBe('violated');
    const closed = await harmed(
      'source',
      "ALTER USER 'orders_app'@'%', 'orders_worker'@'%' ACCOUNT LOCK",
      "ALTER USER 'orders_app'@'%', 'orders_worker'@'%' ACCOUNT UNLOCK",
    );
    expect(closed.openAtEnd).toEqual([]);
    expect(closed.invariants.I11.verdict).toBe('violated');
  });

  test('what reached MySQL only after it served again is seen', async () => {
    const { client, sequence } = await someRecord(({ side, outcome }) => side === 'target' && outcome === 'ok');
    const late = `client = '${client}' AND sequence_number = ${sequence}`;
    const table = 'rehearsal_ledger.entries';
    const judgement = await harmed(
      'source',
      `CREATE TABLE kept AS SELECT * FROM ${table} WHERE ${late}; UPDATE ${table} SET arrived = NOW(6) WHERE ${late}`,
      `UPDATE ${table} e JOIN kept k ON k.id = e.id SET e.arrived = k.arrived; DROP TABLE kept`,
    );
    expect(judgement.invariants.I3.verdict).toBe('violated');
    expect(judgement.invariants.I5.verdict).toBe('violated');
  });

  test('a counter that fell behind, and a key that was given twice, are seen', async () => {
    const sequence = "pg_get_serial_sequence('shop.customer', 'id')";
    const behind = await harmed(
      'target',
      `CREATE TABLE kept AS SELECT last_value AS v FROM shop.customer_id_seq; SELECT setval(${sequence}, 900000000)`,
      `SELECT setval(${sequence}, (SELECT v FROM kept)); DROP TABLE kept`,
    );
    expect(behind.invariants.I4.evidence.join()).toMatch(/shop\.customer\.id stands at \d+ on the source/);

    const records = await ledger();
    const makers = records.flatMap((each) =>
      each.kind === 'transaction' && each.outcome === 'ok' && each.generated.length > 0 ? [each] : [],
    );
    const [first, last] = [makers[0], makers.at(-1)];
    if (first === undefined || last === undefined) throw new Error('no keys were made');
    last.generated = [...first.generated];
    expect((await judged('forged', records)).invariants.I4.verdict).toBe('violated');
  });

  test('a commit that a dying server never made is no write, though its key was given again when it was back', async () => {
    const made = await someRecord(
      ({ side, outcome, sequence }) => `${side} ${outcome}` === 'source ok' && sequence > 9,
    );
    // As the stack would have told it: all but the commit was answered, and only afterwards was the key given again.
    const operations = [{ table: 'shop.customer', key: ['987654321'], row: '{}' }];
    const lost = { ...made, client: 'writer-9', sequence: 1, outcome: 'ambiguous' as const, operations };
    const records = [{ ...lost, ended: made.invoked - 100, generated: [] }, ...(await ledger())];
    const judgement = await judged('crashed', records);
    expect(judgement.invariants).toMatchObject({ I1: { verdict: 'held' }, I4: { verdict: 'held' } });
    expect(judgement.ambiguousWrites).toBe(sound.ambiguousWrites + 1);
  });

  test('nothing of all that was left behind', async () => {
    const again = await judge(input);
    expect(again.invariants).toEqual(sound.invariants);
    expect(readFileSync(input.ledgerFile, 'utf8')).not.toContain(login('orders_app').password);
  });
});
