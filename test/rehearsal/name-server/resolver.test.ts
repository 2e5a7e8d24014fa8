import type { DecodedPacket, Question } from 'dns-packet';
import { ask, askOverTcp } from '../../../rehearsal/name-server/ask';
import { startAuthoritativeServer } from '../../../rehearsal/name-server/authoritative';
import type { DnsListener } from '../../../rehearsal/name-server/dns-listener';
import { startResolver } from '../../../rehearsal/name-server/resolver';
import { chooseAddresses } from '../../../rehearsal/processes/addresses';
import type { RehearsalAddresses } from '../../../rehearsal/processes/addresses';
import { record, weighted, WrittenFeed } from './written-feed';

const zone = 'rehearsal.internal.';
let addresses: RehearsalAddresses;
let feed: WrittenFeed;
let servers: DnsListener[];
let resolver: DnsListener;
let milliseconds: number;

beforeEach(async () => {
  addresses = await chooseAddresses();
  feed = new WrittenFeed();
  milliseconds = 0;
  feed.write('C1', zone, contents('source'));
  servers = [];
  for (const address of addresses.nameServers.slice(0, 2)) {
    servers.push(await startAuthoritativeServer({ ...address, propagationMilliseconds: 0, feed, zones: [zone] }));
  }
  resolver = await startResolver({
    ...addresses.resolver,
    authoritative: addresses.nameServers.slice(0, 2),
    now: () => milliseconds,
  });
});
afterEach(() => Promise.all([...servers, resolver].map((server) => server.close())));

function contents(primary: 'source' | 'target') {
  const side = (name: string) =>
    weighted(
      record('db.rehearsal.internal.', 'CNAME', 5, `${name}.rehearsal.internal.`),
      name,
      name === primary ? 255 : 0,
    );
  return [
    record(zone, 'SOA', 900, 'ns-1.awsdns.com. hostmaster.awsdns.com. 1 7200 900 1209600 60'),
    side('source'),
    side('target'),
    record('source.rehearsal.internal.', 'A', 60, '127.0.0.1'),
    record('target.rehearsal.internal.', 'A', 60, '127.0.0.2'),
    record('fresh.rehearsal.internal.', 'A', 0, '127.0.0.3'),
  ];
}

async function point(primary: 'source' | 'target', more: ReturnType<typeof record>[] = []): Promise<void> {
  feed.write(`to ${primary}`, zone, [...contents(primary), ...more]);
  // Propagation takes 0 ms here: one turn of the timers.
  await new Promise((resolve) => setTimeout(resolve, 20));
}

const answer = (name = 'db.rehearsal.internal', type: Question['type'] = 'A'): Promise<DecodedPacket> =>
  ask(resolver, { name, type }, 5_000);

const summary = async (name?: string): Promise<unknown[]> =>
  ((await answer(name)).answers ?? []).map((each) => ('ttl' in each && 'data' in each ? [each.data, each.ttl] : []));

test('a chain is resolved, without claiming authority, over UDP and TCP', async () => {
  expect(await answer()).toMatchObject({ flag_aa: false, flag_ra: true, flag_rd: true });
  expect(await summary()).toEqual([
    ['source.rehearsal.internal', 5],
    ['127.0.0.1', 60],
  ]);
  const overTcp = await askOverTcp(resolver, { name: 'DB.rehearsal.internal', type: 'A' }, 5_000);
  expect(overTcp.answers).toHaveLength(2);
});

test('an answer is kept for its TTL, shown with what remains, then asked for again', async () => {
  await summary();
  await point('target');
  milliseconds = 4_001;
  expect(await summary()).toEqual([
    ['source.rehearsal.internal', 0],
    ['127.0.0.1', 55],
  ]);
  milliseconds = 4_999;
  expect((await summary())[0]).toEqual(['source.rehearsal.internal', 0]);
  milliseconds = 5_000;
  expect(await summary()).toEqual([
    ['target.rehearsal.internal', 5],
    ['127.0.0.2', 60],
  ]);
});

test('a missing name is kept as missing for the zone’s negative TTL', async () => {
  expect(await answer('new.rehearsal.internal')).toMatchObject({ flags: expect.anything() as number, answers: [] });
  expect(((await answer('new.rehearsal.internal')).flags ?? 0) & 0xf).toBe(3);
  await point('source', [record('new.rehearsal.internal.', 'A', 5, '127.0.0.5')]);
  milliseconds = 59_000;
  const negative = await answer('new.rehearsal.internal');
  expect((negative.flags ?? 0) & 0xf).toBe(3);
  expect(negative.authorities).toEqual([expect.objectContaining({ type: 'SOA', ttl: 1 })]);
  milliseconds = 60_000;
  expect(await summary('new.rehearsal.internal')).toEqual([['127.0.0.5', 5]]);
});

test('an existing name without records of the type is not called missing', async () => {
  const answered = await answer('source.rehearsal.internal', 'TXT');
  expect([(answered.flags ?? 0) & 0xf, answered.answers]).toEqual([0, []]);
});

test('a TTL of zero answers the question at hand and is not kept', async () => {
  expect(await summary('fresh.rehearsal.internal')).toEqual([['127.0.0.3', 0]]);
  await point('source', []);
  feed.write('C3', zone, [record('fresh.rehearsal.internal.', 'A', 0, '127.0.0.4')]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await summary('fresh.rehearsal.internal')).toEqual([['127.0.0.4', 0]]);
});

test('a dead name server is passed over; when none is left the client is told', async () => {
  await servers[0]?.close();
  for (let query = 0; query < 5; query += 1) {
    milliseconds += 3_600_000;
    expect(await summary('source.rehearsal.internal')).toEqual([['127.0.0.1', 60]]);
  }
  await servers[1]?.close();
  expect(((await answer('target.rehearsal.internal')).flags ?? 0) & 0xf).toBe(2);
});

test('a name of nobody’s zone is a failure', async () => {
  expect(((await answer('www.example.com')).flags ?? 0) & 0xf).toBe(2);
});
