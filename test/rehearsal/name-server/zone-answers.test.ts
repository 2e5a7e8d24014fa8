import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { Answer, RecordType } from 'dns-packet';
import { Zone } from '../../../rehearsal/name-server/zone';
import { answerFromZones } from '../../../rehearsal/name-server/zone-answers';
import type { ZoneReply } from '../../../rehearsal/name-server/zone-answers';
import { record, weighted } from './written-feed';

const soa = record('example.com.', 'SOA', 900, 'ns-1.awsdns.com. hostmaster.awsdns.com. 1 7200 900 1209600 300');
const write = record('db.example.com.', 'CNAME', 5, 'source.example.com.');

function ask(records: ResourceRecordSet[], name: string, type: RecordType = 'A', random = 0): ZoneReply {
  return answerFromZones([new Zone('example.com.', [soa, ...records])], { name, type }, () => random);
}

function data(reply: ZoneReply): unknown[] {
  return reply.answers.map((answer: Answer) => ('data' in answer ? answer.data : undefined));
}

test('an alias is followed inside the zones, each record with its own TTL', () => {
  const reply = ask([write, record('source.example.com.', 'A', 60, '127.1.1.1')], 'db.example.com');
  expect(reply).toMatchObject({ code: 0, authoritative: true });
  expect(reply.answers).toEqual([
    { type: 'CNAME', name: 'db.example.com', ttl: 5, data: 'source.example.com' },
    { type: 'A', name: 'source.example.com', ttl: 60, data: '127.1.1.1' },
  ]);
});

test('names are compared without regard to case', () => {
  expect(data(ask([write], 'DB.Example.COM', 'CNAME'))).toEqual(['source.example.com']);
});

test('an alias that leads out of our zones is answered alone', () => {
  const reply = ask([record('db.example.com.', 'CNAME', 5, 'db.elsewhere.net.')], 'db.example.com');
  expect([reply.code, data(reply), reply.authorities]).toEqual([0, ['db.elsewhere.net'], []]);
});

test('a circle of aliases is a failure, not an endless answer', () => {
  const circle = [
    record('a.example.com.', 'CNAME', 5, 'b.example.com.'),
    record('b.example.com.', 'CNAME', 5, 'a.example.com.'),
  ];
  expect(ask(circle, 'a.example.com').code).toBe(2);
});

describe('what does not exist', () => {
  const negative = {
    authoritative: true,
    answers: [],
    authorities: [expect.objectContaining({ type: 'SOA', ttl: 900 })],
  };
  test('a missing name', () => expect(ask([write], 'no.example.com')).toMatchObject({ code: 3, ...negative }));
  test('a name of another type', () => {
    expect(ask([record('x.example.com.', 'TXT', 5, '"t"')], 'x.example.com')).toMatchObject({ code: 0, ...negative });
  });
  test('a name between others', () => {
    expect(ask([record('a.b.example.com.', 'A', 5, '127.0.0.1')], 'b.example.com')).toMatchObject({
      code: 0,
      ...negative,
    });
  });
  test('a name of no zone of ours is refused', () =>
    expect(ask([], 'example.net')).toMatchObject({ code: 5, authoritative: false }));
  test('a zone without a start of authority gets the one of a new zone', () => {
    const reply = answerFromZones([new Zone('example.com.', [])], { name: 'x.example.com', type: 'A' }, () => 0);
    expect(reply.authorities).toEqual([expect.objectContaining({ type: 'SOA', name: 'example.com', ttl: 900 })]);
  });
});

describe('weights', () => {
  const share = (weights: number[], random: number): unknown =>
    data(
      ask(
        weights.map((weight, index) =>
          weighted(record('r.example.com.', 'A', 5, `127.0.0.${index}`), `s${index}`, weight),
        ),
        'r.example.com',
        'A',
        random,
      ),
    )[0];

  test.each([
    [[5, 95], 0.049, '127.0.0.0'],
    [[5, 95], 0.05, '127.0.0.1'],
    [[255, 0], 0.999_999, '127.0.0.0'],
    [[0, 255], 0, '127.0.0.1'],
    [[0, 0], 0.49, '127.0.0.0'],
    [[0, 0], 0.5, '127.0.0.1'],
    [[0, 1, 0], 0.999_999, '127.0.0.1'],
  ])('%p drawn at %p', (weights, random, expected) => expect(share(weights, random)).toBe(expected));
});

test('TXT values keep their strings, escapes and bytes', () => {
  const reply = ask([record('t.example.com.', 'TXT', 5, String.raw`"a \"b\"" "\303\244\\"`)], 't.example.com', 'TXT');
  expect(data(reply)).toEqual([[Buffer.from('a "b"'), Buffer.from('ä\\')]]);
});

test('an alias of Route 53 answers with its target under its own name', () => {
  const alias: ResourceRecordSet = {
    Name: 'apex.example.com.',
    Type: 'A',
    AliasTarget: { DNSName: 'lb.example.com.', HostedZoneId: 'Z1', EvaluateTargetHealth: false },
  };
  expect(ask([alias, record('lb.example.com.', 'A', 60, '127.0.0.9')], 'apex.example.com').answers).toEqual([
    { type: 'A', name: 'apex.example.com', ttl: 60, data: '127.0.0.9' },
  ]);
});

test('a wildcard covers what does not exist, and nothing that does', () => {
  const records = [
    record(String.raw`\052.example.com.`, 'A', 5, '127.0.0.7'),
    record('x.y.example.com.', 'TXT', 5, '"t"'),
  ];
  expect(data(ask(records, 'any.example.com'))).toEqual(['127.0.0.7']);
  expect(ask(records, 'y.example.com')).toMatchObject({ code: 0, answers: [] });
  expect(ask(records, 'z.y.example.com').code).toBe(3);
});

test('the longest zone answers', () => {
  const zones = [
    new Zone('example.com.', []),
    new Zone('sub.example.com.', [record('a.sub.example.com.', 'A', 5, '127.0.0.1')]),
  ];
  expect(answerFromZones(zones, { name: 'a.sub.example.com', type: 'A' }, () => 0).answers).toHaveLength(1);
});
