import { createSocket } from 'node:dgram';
import { promises as resolving } from 'node:dns';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Question } from 'dns-packet';
import { ask, askOverTcp, askOverUdp } from '../../../rehearsal/name-server/ask';
import { startAuthoritativeServer } from '../../../rehearsal/name-server/authoritative';
import type { DnsListener } from '../../../rehearsal/name-server/dns-listener';
import { chooseAddresses } from '../../../rehearsal/processes/addresses';
import type { Address } from '../../../rehearsal/processes/addresses';
import { record, weighted, WrittenFeed } from './written-feed';

const question: Question = { name: 'db.rehearsal.internal', type: 'A' };
let feed: WrittenFeed;
let address: Address;
let server: DnsListener;
let applied: string[];

async function start(propagationMilliseconds: number): Promise<void> {
  applied = [];
  server = await startAuthoritativeServer({
    ...address,
    propagationMilliseconds,
    feed,
    zones: ['rehearsal.internal.'],
    onApplied: (changeId) => applied.push(changeId),
  });
}

const point = (changeId: string, to: string): void =>
  feed.write(changeId, 'rehearsal.internal.', [record('db.rehearsal.internal.', 'A', 5, to)]);

const answers = async (asked: Question = question): Promise<unknown[]> =>
  ((await ask(server, asked, 2_000)).answers ?? []).map((answer) => ('data' in answer ? answer.data : undefined));

beforeEach(async () => {
  feed = new WrittenFeed();
  address = (await chooseAddresses()).resolver;
  point('C1', '127.0.0.1');
});
afterEach(() => server.close());

test('what stands at the start is served at once, over UDP and TCP, with authority', async () => {
  await start(60_000);
  expect(applied).toEqual(['C1']);
  for (const way of [askOverUdp, askOverTcp]) {
    expect(await way(server, question, 2_000)).toMatchObject({
      flag_qr: true,
      flag_aa: true,
      flag_ra: false,
      questions: [expect.objectContaining(question)],
      answers: [expect.objectContaining({ ttl: 5, data: '127.0.0.1' })],
    });
  }
});

test('a change is visible after the propagation delay, not before, and then reported', async () => {
  await start(400);
  point('C2', '127.0.0.2');
  const accepted = performance.now();
  expect(await answers()).toEqual(['127.0.0.1']);
  point('C3', '127.0.0.3');
  while (!applied.includes('C2')) await sleep(5);
  // Node's timers may fire up to a millisecond early.
  expect(performance.now() - accepted).toBeGreaterThan(398);
  while (!applied.includes('C3')) await sleep(5);
  expect(await answers()).toEqual(['127.0.0.3']);
  expect(applied).toEqual(['C1', 'C2', 'C3']);
});

test('changes of other zones are nothing to this server', async () => {
  await start(0);
  feed.write('C9', 'other.internal.', [record('db.other.internal.', 'A', 5, '127.0.0.9')]);
  expect(await ask(server, { name: 'db.other.internal', type: 'A' }, 2_000)).toMatchObject({
    flag_aa: false,
    answers: [],
  });
  expect(applied).toEqual(['C1']);
});

test('weights are drawn afresh for each query', async () => {
  const target = (name: string, weight: number) =>
    weighted(record('read.rehearsal.internal.', 'CNAME', 5, `${name}.rehearsal.internal.`), name, weight);
  feed.write('C2', 'rehearsal.internal.', [target('source', 80), target('target', 20)]);
  await start(0);
  const counts: Record<string, number> = {};
  for (let query = 0; query < 500; query += 1) {
    const [name] = (await answers({ name: 'read.rehearsal.internal', type: 'CNAME' })) as [string];
    counts[name] = (counts[name] ?? 0) + 1;
  }
  // 100 expected of 500; eight standard deviations (9) on each side.
  expect(counts['target.rehearsal.internal']).toBeGreaterThan(28);
  expect(counts['target.rehearsal.internal']).toBeLessThan(172);
});

test('an answer too large for a datagram comes over TCP', async () => {
  const large = Array.from({ length: 40 }, (_, index) => `"${String(index).padStart(60, 'x')}"`);
  feed.write('C2', 'rehearsal.internal.', [record('large.rehearsal.internal.', 'TXT', 5, ...large)]);
  await start(0);
  const asked: Question = { name: 'large.rehearsal.internal', type: 'TXT' };
  expect(await askOverUdp(server, asked, 2_000)).toMatchObject({ flag_tc: true, answers: [] });
  expect(await answers(asked)).toHaveLength(40);
});

test('an ordinary resolver library understands it', async () => {
  await start(0);
  const resolver = new resolving.Resolver();
  resolver.setServers([`${server.host}:${server.port}`]);
  expect(await resolver.resolve4('DB.rehearsal.internal', { ttl: true })).toEqual([{ address: '127.0.0.1', ttl: 5 }]);
  await expect(resolver.resolve4('no.rehearsal.internal')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  await expect(resolver.resolveTxt('db.rehearsal.internal')).rejects.toMatchObject({ code: 'ENODATA' });
});

test('nonsense is answered as such or not at all, and the server lives on', async () => {
  await start(0);
  const socket = createSocket('udp4');
  const code = new Promise<number>((resolve) =>
    socket.once('message', (message) => resolve(message.readUInt8(3) & 0xf)),
  );
  const response = Buffer.concat([Buffer.from([0, 1, 0x80, 0]), Buffer.alloc(8)]);
  const broken = Buffer.concat([Buffer.from([0, 2, 0, 0, 0, 9]), Buffer.alloc(8, 0xff)]);
  for (const message of [Buffer.from('x'), response, broken]) socket.send(message, server.port, server.host);
  expect(await code).toBe(1);
  socket.close();
  const tcp = connect(server);
  tcp.write(Buffer.from([0, 3, 1, 2, 3]));
  expect(await answers()).toEqual(['127.0.0.1']);
  tcp.destroy();
});

test('a taken port is an error, and closing frees it', async () => {
  await start(0);
  await expect(
    startAuthoritativeServer({ ...address, propagationMilliseconds: 0, feed, zones: [] }),
  ).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  await server.close();
  await start(0);
  expect(await answers()).toEqual(['127.0.0.1']);
});
