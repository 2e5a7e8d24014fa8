import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLedger } from '../../../rehearsal/judge/ledger-view';
import { LedgerWriter, rowInLedger } from '../../../rehearsal/workload/ledger';
import { endpointIn } from '../../../rehearsal/workload/resolver';

const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what was written is read again; a last line cut off by a crash is left out', async () => {
  const path = join(folder, 'ledger.ndjson');
  const writer = new LedgerWriter(path);
  writer.write({ kind: 'baseline', generated: [['public.a.id', '7']] });
  writer.write({ kind: 'break', client: 'writer-1', at: 5.25, reason: 'line\nbreak' });
  writer.close();
  appendFileSync(path, '{"kind":"break","cli');
  const view = await loadLedger(path);
  expect(view.baseline).toEqual([['public.a.id', '7']]);
  expect(view.breaks).toEqual([{ kind: 'break', client: 'writer-1', at: 5.25, reason: 'line\nbreak' }]);
});

test('a torn line in the middle is not passed over', async () => {
  const path = join(folder, 'torn.ndjson');
  appendFileSync(path, '{"kind":"br\n{"kind":"baseline","generated":[]}\n');
  await expect(loadLedger(path)).rejects.toThrow(/JSON/);
});

test('a long row stands in the ledger as its digest', () => {
  expect(rowInLedger('{"id": 1}')).toBe('{"id": 1}');
  expect(rowInLedger(null)).toBeNull();
  expect(rowInLedger('x'.repeat(2001))).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test('TLS is asked of the name that the CNAME points to, the address of the end of the chain', () => {
  const cname = (name: string, data: string) => ({ type: 'CNAME' as const, name, data });
  const a = { type: 'A' as const, name: 'node-7.rds.example.com', data: '10.0.0.7' };
  const answers = [
    cname('DB.example.com', 'orders.rds.example.com.'),
    cname('orders.rds.example.com', 'node-7.rds.example.com'),
    a,
  ];
  expect(endpointIn(answers, 'db.example.com.')).toEqual({
    address: '10.0.0.7',
    tlsServerName: 'orders.rds.example.com',
  });
  expect(endpointIn([a], 'node-7.rds.example.com')).toEqual({
    address: '10.0.0.7',
    tlsServerName: 'node-7.rds.example.com',
  });
  expect(() => endpointIn(answers.slice(0, 1), 'db.example.com')).toThrow('holds no address');
});
