import { createSocket, type Socket } from 'node:dgram';
import { ChangeResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import type { AwsEndpoint } from '../../../../rehearsal/aws-endpoint/endpoint';
import { startAuthoritativeServer } from '../../../../rehearsal/name-server/authoritative';
import { chooseAddresses } from '../../../../rehearsal/processes/addresses';
import { startResolver } from '../../../../rehearsal/name-server/resolver';
import { dnsNameService } from '../../../../runbooks/adapters/dns/name-service';
import { socketAddress } from '../../../../runbooks/adapters/dns/socket-address';
import { clients, startEndpoint } from '../../../rehearsal/aws-endpoint/running-endpoint';
import { noSignal, routing, routingSeed, weighted, writeName, zoneId } from '../aws/aws-place';

const address = (name: string, value: string) => ({
  Name: name,
  Type: 'A' as const,
  TTL: 5,
  ResourceRecords: [{ Value: value }],
});

describe('the name service', () => {
  let endpoint: AwsEndpoint;
  const opened: { close(): Promise<void> }[] = [];
  const zones = ['rehearsal.internal'];

  beforeEach(async () => {
    endpoint = await startEndpoint(
      routingSeed([
        address('billing-source.databases.rehearsal.internal', '127.1.1.1'),
        address('billing-target.databases.rehearsal.internal', '127.1.1.2'),
        // Too many addresses for a datagram.
        {
          ...address('crowd.rehearsal.internal', ''),
          ResourceRecords: Array.from({ length: 90 }, (_unused, i) => ({ Value: `127.2.0.${i + 1}` })),
        },
      ]),
    );
  });
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
    await endpoint.close();
  });

  const authoritative = async (propagationMilliseconds = 0) => {
    const server = await startAuthoritativeServer({
      ...(await chooseAddresses()).resolver,
      propagationMilliseconds,
      feed: endpoint.zones,
      zones,
    });
    opened.push(server);
    return server;
  };
  const at = ({ host, port }: { host: string; port: number }) => `${host}:${port}`;
  const local = (socket: Socket) => at({ host: '127.0.0.1', port: socket.address().port });
  const sendToTarget = async () => {
    const client = clients.route53(endpoint);
    const set = (side: 'source' | 'target', weight: number) => ({
      Action: 'UPSERT' as const,
      ResourceRecordSet: weighted(writeName, side, weight),
    });
    const ChangeBatch = { Changes: [set('source', 0), set('target', 255)] };
    await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch }));
    client.destroy();
  };

  test('hears from every authoritative server for itself where the record points', async () => {
    const [quick, slow] = [await authoritative(), await authoritative(600_000)];
    const service = dnsNameService({ ...routing, authoritativeServers: [at(quick), at(slow)] });
    expect((await service.ask(writeName, noSignal)).map(({ endpoint: found }) => found)).toEqual([
      'billing-source.databases.rehearsal.internal',
      'billing-source.databases.rehearsal.internal',
    ]);
    await sendToTarget();
    for (;;) {
      const [first, second] = await service.ask(`${writeName.toUpperCase()}.`, noSignal);
      if (first?.endpoint === 'billing-source.databases.rehearsal.internal') continue;
      expect(first).toMatchObject({
        server: at(quick),
        endpoint: 'billing-target.databases.rehearsal.internal',
        ttlSeconds: 5,
      });
      expect(second?.endpoint).toBe('billing-source.databases.rehearsal.internal');
      break;
    }
  });

  test('resolves as a client does: through the resolver, to the address at the end', async () => {
    const server = await authoritative();
    const resolver = await startResolver({ ...(await chooseAddresses()).resolver, authoritative: [server] });
    opened.push(resolver);
    const service = dnsNameService({ ...routing, resolver: at(resolver) });
    const answer = {
      server: at(resolver),
      endpoint: 'billing-source.databases.rehearsal.internal',
      addresses: ['127.1.1.1'],
    };
    expect(await service.resolve(writeName, noSignal)).toMatchObject(answer);
    // A private zone has no servers that could be asked.
    expect(await service.ask(writeName, noSignal)).toMatchObject([answer]);
  });

  test('asks over TCP what does not fit into a datagram', async () => {
    const server = await authoritative();
    const service = dnsNameService({ ...routing, authoritativeServers: [at(server)] });
    const [answer] = await service.ask('crowd.rehearsal.internal', noSignal);
    expect(answer?.addresses).toHaveLength(90);
    expect(answer?.endpoint).toBeUndefined();
  });

  test('a missing name, a closed port and a silent server are answers without endpoint', async () => {
    const server = await authoritative();
    const silent = createSocket('udp4');
    await new Promise<void>((resolve) => silent.bind(0, '127.0.0.1', resolve));
    const closed = createSocket('udp4');
    await new Promise<void>((resolve) => closed.bind(0, '127.0.0.1', resolve));
    const closedAt = local(closed);
    await new Promise<void>((resolve) => closed.close(() => resolve()));
    const service = dnsNameService({ ...routing, authoritativeServers: [at(server), closedAt, local(silent)] });
    const answers = await service.ask('no-such-name.rehearsal.internal', noSignal);
    expect(answers).toEqual([
      { server: at(server), addresses: [] },
      { server: closedAt, addresses: [] },
      { server: local(silent), addresses: [] },
    ]);
    const deadline = new AbortController();
    const asking = service.ask(writeName, deadline.signal);
    setTimeout(() => deadline.abort(new Error('over')), 20);
    await expect(asking).rejects.toThrow('over');
    await new Promise<void>((resolve) => silent.close(() => resolve()));
  });

  test.each([
    ['127.0.0.1:5353', '127.0.0.1', 5353],
    ['192.0.2.1', '192.0.2.1', 53],
    ['ns-1.example.com:53', 'ns-1.example.com', 53],
    ['[fd00::1]:5353', 'fd00::1', 5353],
    ['[fd00::1]', 'fd00::1', 53],
    ['fd00::1', 'fd00::1', 53],
  ])('reads the address %s', (text, host, port) => {
    expect(socketAddress(text)).toEqual({ host, port });
  });
});
