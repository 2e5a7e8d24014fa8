import type { LoggedCall, RecordSet } from '../../../rehearsal/judge/request-log';
import { routing, type RoutingEvidence } from '../../../rehearsal/judge/routing';
import { BEGIN, window } from './history';

const NAME = 'orders-db.example.com';

function record(side: string, weight: number, name = NAME): RecordSet {
  return {
    Name: `${name}.`,
    Type: 'CNAME',
    SetIdentifier: side,
    Weight: weight,
    ResourceRecords: [{ Value: `${side}.example.com` }],
  };
}

function batch(at: number, records: RecordSet[], more: Partial<LoggedCall> = {}): LoggedCall {
  const Changes = records.map((each) => ({ Action: 'UPSERT', ResourceRecordSet: each }));
  return {
    at: new Date(BEGIN + at).toISOString(),
    service: 'route53',
    operation: 'ChangeResourceRecordSets',
    status: 200,
    input: { HostedZoneId: 'Z1', ChangeBatch: { Changes } },
    ...more,
  };
}

function evidence(calls: LoggedCall[], more: Partial<RoutingEvidence> = {}): RoutingEvidence {
  return {
    calls,
    initial: [record('source', 255), record('target', 0)],
    writeRecord: NAME,
    routes: [],
    windows: [window('switch', 900, 1600)],
    primaryEndpoint: 'target.example.com',
    ...more,
  };
}

const toTarget = [record('source', 0), record('target', 255)];

test('one batch with both records inside an operator’s run holds', () => {
  expect(routing(evidence([batch(1000, toTarget)])).verdict).toBe('held');
});

test.each([
  [
    'all weights zero',
    [batch(1000, [record('source', 0), record('target', 0)])],
    'all weights of orders-db.example.com are zero',
  ],
  ['a split write record', [batch(1000, [record('source', 1), record('target', 255)])], 'are split'],
  [
    'two batches, one record each',
    [batch(1000, [record('target', 255)]), batch(1001, [record('source', 0)])],
    'changed 1 of the 2 records',
  ],
  ['a change outside every run', [batch(5000, toTarget)], "outside every operator's run"],
  ['the wrong endpoint at the end', [], 'not at target.example.com'],
])('%s is a violation', (_, calls, reason) => {
  const judged = routing(evidence(calls));
  expect(judged.verdict).toBe('violated');
  expect(judged.evidence.join()).toContain(reason);
});

test('a refused batch changed nothing; one whose answer was lost did', () => {
  const refused = batch(1000, [record('source', 0), record('target', 0)], { status: 400, errorCode: 'Throttling' });
  const lost = batch(1001, toTarget, { status: 500, fault: 'answer lost: error' });
  expect(routing(evidence([refused, lost])).verdict).toBe('held');
});

test('a read record may be split', () => {
  const reads = [record('source', 80, 'orders-read.example.com'), record('target', 20, 'orders-read.example.com')];
  expect(routing(evidence([batch(100, reads), batch(1000, toTarget)])).verdict).toBe('held');
});

test('answers that change more often than the record were drawn by chance', () => {
  const route = (from: number, side: string) => ({
    kind: 'route' as const, nameServer: '127.0.0.1:53', from: BEGIN + from, until: BEGIN + from, samples: 1, answer: `${side}.example.com`,
  }); // prettier-ignore
  const calls = [batch(1000, toTarget)];
  expect(routing(evidence(calls, { routes: [route(1, 'source'), route(2, 'target')] })).verdict).toBe('held');
  const flapping = [route(1, 'source'), route(2, 'target'), route(3, 'source'), route(4, 'target')];
  expect(routing(evidence(calls, { routes: flapping })).verdict).toBe('violated');
});
