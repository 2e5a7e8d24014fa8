import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApplicationSession } from '../../../rehearsal/application/engine/open-session';
import { gatherFacts } from '../../../rehearsal/judge/engine-facts';
import { exactlyOnce, touchedKeys } from '../../../rehearsal/judge/exactly-once';
import { readNeutralRows } from '../../../rehearsal/judge/final-rows';
import { loadLedger } from '../../../rehearsal/judge/ledger-view';
import type { SideConnection } from '../../../rehearsal/judge/side-connection';
import type { Side } from '../../../rehearsal/workload/configuration';
import { describeWithMysql } from '../../mysql-server';
import { ACCOUNTS, startTwoSides, type TwoSides } from '../application/two-sides';
import { type RunningApplication, type RunningClients, startApplication } from './running';

const folder = join(__dirname, '../../../rehearsal/scenarios/orders');
const file = (name: string) => readFileSync(join(folder, name), 'utf8');

describeWithMysql('clients of an application whose databases are empty', (server) => {
  let sides: TwoSides;
  let application: RunningApplication;
  let clients: RunningClients;
  beforeAll(async () => {
    sides = await startTwoSides(server(), {
      ...{ database: 'orders', source: file('source-schema.sql'), target: file('target-schema.sql') },
    });
    application = await startApplication(server(), sides);
    clients = await application.startClients({ scenarioFolder: folder });
    await clients.acknowledges(400);
    await clients.child.stop();
  }, 240_000);
  afterAll(async () => {
    await application?.close();
    await sides?.close();
  });

  const open = (side: Side) => {
    const { administrator: account, ...endpoint } = sides.databases[side];
    return openApplicationSession(endpoint, { side, account, applicationName: 'test' });
  };

  test('write to every table in every way, and are seldom refused', async () => {
    expect(clients.ready).toMatchObject({ type: 'ready', clients: 8, tables: 14, skipped: [] });
    const stopped = clients.lines.find((line) => line.type === 'stopped');
    expect(Number(stopped?.['refused'])).toBeLessThan(Number(stopped?.['acknowledged']) / 20);
    expect(Number(stopped?.['reads'])).toBeGreaterThan(0);
    const ledger = await loadLedger(application.ledgerFile);
    const operations = ledger.transactions.flatMap((each) => each.operations);
    const written = sides.model.filter(({ id }) => id.startsWith('orders.')).map(({ id }) => id);
    expect([...new Set(operations.map(({ table }) => table))].sort()).toEqual(written.sort());
    expect(operations.some(({ row }) => row === null)).toBe(true);
    expect(
      ledger.transactions.some(
        ({ heldMilliseconds = 0, operations: { length } }) => length > 1 || heldMilliseconds > 0,
      ),
    ).toBe(true);
    expect(ledger.transactions.some(({ client, outcome }) => client === 'consumer' && outcome === 'ok')).toBe(true);
    expect(ledger.gates.filter(({ side }) => side === 'source').flatMap(({ unlocked }) => unlocked)).toContain(
      'orders_app',
    );
    expect(ledger.gates.filter(({ side }) => side === 'target').flatMap(({ unlocked }) => unlocked)).toEqual([]);
    expect(ledger.probes.some(({ side }) => side === 'source')).toBe(true);
    expect(ledger.probes.some(({ side }) => side === 'target')).toBe(false);
  });

  test('keep a ledger that is true', async () => {
    const { host, port, tlsServerName, caCertificatePem, database, administrator } = sides.databases.target;
    const connections: Record<Side, SideConnection> = {
      source: { ...sides.databases.source, family: 'mysql' },
      target: {
        ...{ endpoint: { address: host, tlsServerName }, port, database, caCertificatePem },
        ...{ account: administrator, applicationName: 'test' },
      },
    };
    const ledger = await loadLedger(application.ledgerFile);
    const facts = await gatherFacts(ledger, connections, ACCOUNTS.write, sides.model);
    const rows = await readNeutralRows(connections.source, 'source', sides.model, touchedKeys(ledger));
    expect(exactlyOnce(ledger, facts, facts.source, rows).finding).toMatchObject({ verdict: 'held' });
    expect([...facts.source.sequences.keys()]).toEqual(expect.arrayContaining(['orders.customer.id']));
    expect(facts.source.unlocked).toEqual(ACCOUNTS.write);
    expect(facts.target.unlocked).toEqual([]);
  });

  test('write what the other side takes as well, and gives back as it was', async () => {
    const [reading, writing] = [await open('source'), await open('target')];
    await writing.ignoreForeignKeys();
    for (const table of sides.model.filter(({ id }) => id.startsWith('orders.'))) {
      const computed = new Set(table.columns.filter((column) => column.computed).map(({ name }) => name));
      for (const row of await reading.some(table, 10_000)) {
        const values = Object.fromEntries(Object.entries(row).filter(([name]) => !computed.has(name)));
        expect(await writing.insert(table, values)).toEqual(row);
      }
    }
    reading.close();
    writing.close();
  });
});
