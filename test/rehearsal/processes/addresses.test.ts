import { createServer } from 'node:net';
import { chooseAddresses, probeTcp } from '../../../rehearsal/processes/addresses';

test('a run gets a loopback block of its own, with one port for both databases', async () => {
  const [one, other] = await Promise.all([chooseAddresses(), chooseAddresses()]);
  const block = one.source.host.split('.').slice(0, 3).join('.');
  expect(block).toMatch(/^127\.[1-9]\d*\.[1-9]\d*$/);
  expect(one.target).toEqual({ host: `${block}.2`, port: one.source.port });
  expect([one.endpoint.host, one.control.host]).toEqual([`${block}.10`, `${block}.10`]);
  expect(one.endpoint.port).not.toBe(one.control.port);
  expect(one.nameServers.map(({ host }) => host)).toEqual([21, 22, 23, 24].map((last) => `${block}.${last}`));
  expect(new Set([...one.nameServers, one.resolver].map(({ port }) => port)).size).toBe(1);
  expect(other.source.host).not.toBe(one.source.host);
});

test('an address that another process holds is noticed', async () => {
  const { source } = await chooseAddresses();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(source.port, source.host, resolve));
  await expect(probeTcp(source)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await new Promise((resolve) => server.close(resolve));
  await probeTcp(source);
});
