import { ChangeResourceRecordSetsCommand, GetChangeCommand, Route53Client } from '@aws-sdk/client-route-53';
import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { EndpointSeedInput } from '../../rehearsal/aws-endpoint/seed';
import { typescriptArguments } from '../../rehearsal/processes/typescript-arguments';
import { clientOf, eventually } from './aws-endpoint/running-endpoint';

const root = resolve(__dirname, '../..');
/** Addresses of this run alone: other runs on the same computer use other ones. */
const network = `127.${100 + (process.pid % 100)}.${1 + Math.floor(Math.random() * 250)}`;

async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function weighted(side: string, weight: number): ResourceRecordSet {
  const ResourceRecords = [{ Value: `${side}.rehearsal.internal` }];
  return { Name: 'db.rehearsal.internal', Type: 'CNAME', SetIdentifier: side, Weight: weight, TTL: 1, ResourceRecords };
}

describe('the cloud process', () => {
  let folder: string;
  let cloud: ChildProcess;
  let lines: AsyncIterator<string>;
  let dnsPort: number;
  const next = async () =>
    JSON.parse((await lines.next()).value as string) as { type: string; url: string; reason?: string };
  const resolver = () => {
    const dns = new Resolver();
    dns.setServers([`${network}.30:${dnsPort}`]);
    return dns;
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cloud-'));
    dnsPort = await freePort(`${network}.30`);
    const address = (side: string, ip: string) => ({
      Name: `${side}.rehearsal.internal`,
      Type: 'A' as const,
      TTL: 1,
      ResourceRecords: [{ Value: ip }],
    });
    const seed: EndpointSeedInput = {
      accountId: '123456789012',
      region: 'eu-central-1',
      listen: { host: `${network}.10`, port: 0 },
      control: { host: `${network}.10`, port: 0 },
      requestLogFile: join(folder, 'requests.ndjson'),
      route53: {
        requestsPerSecond: 1000,
        nameServers: [21, 22].map((last) => ({
          host: `${network}.${last}`,
          port: dnsPort,
          propagationMilliseconds: 100,
        })),
        resolver: { host: `${network}.30`, port: dnsPort },
        zones: [
          {
            id: 'Z1',
            name: 'rehearsal.internal',
            records: [
              weighted('source', 255),
              weighted('target', 0),
              address('source', `${network}.1`),
              address('target', `${network}.2`),
            ],
          },
        ],
      },
    };
    const file = join(folder, 'seed.json');
    writeFileSync(file, JSON.stringify(seed));
    cloud = spawn(process.execPath, [...typescriptArguments(), 'rehearsal/cloud.ts', file], {
      cwd: root,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'], AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    });
    if (cloud.stdout === null) throw new Error('the cloud process has no output');
    lines = createInterface({ input: cloud.stdout })[Symbol.asyncIterator]();
  });
  afterEach(async () => {
    if (cloud.exitCode === null && cloud.signalCode === null) {
      cloud.kill('SIGKILL');
      await once(cloud, 'exit');
    }
    rmSync(folder, { recursive: true });
  });

  test('answers AWS and DNS, lets a change travel, takes faults, and ends with its parent', async () => {
    const { type, url } = await next();
    expect(type).toBe('ready');
    const sts = clientOf(STSClient, { url });
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe('123456789012');
    expect(await resolver().resolveCname('db.rehearsal.internal')).toEqual(['source.rehearsal.internal']);

    const route53 = clientOf(Route53Client, { url });
    const Changes = [weighted('source', 0), weighted('target', 255)].map((set) => ({
      Action: 'UPSERT' as const,
      ResourceRecordSet: set,
    }));
    const changed = await route53.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: 'Z1', ChangeBatch: { Changes } }),
    );
    expect(changed.ChangeInfo?.Status).toBe('PENDING');
    const status = async () =>
      (await route53.send(new GetChangeCommand({ Id: changed.ChangeInfo?.Id }))).ChangeInfo?.Status;
    await eventually(status, (now) => now === 'INSYNC');
    const answer = () => resolver().resolve4('db.rehearsal.internal');
    await eventually(answer, ([ip]) => ip === `${network}.2`);

    cloud.stdin?.write(
      '{"type":"fault","fault":{"kind":"refuse","operation":"GetCallerIdentity","code":"AccessDenied"}}\n',
    );
    expect(await next()).toMatchObject({ type: 'fault.added' });
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' });
    cloud.stdin?.write('{"type":"fault","fault":{"kind":"meteorite"}}\n');
    expect((await next()).type).toBe('fault.refused');

    sts.destroy();
    route53.destroy();
    cloud.stdin?.end();
    expect(await once(cloud, 'exit')).toEqual([0, null]);
  });

  test('ends on SIGTERM, also while a client holds a connection', async () => {
    const { url } = await next();
    const sts = clientOf(STSClient, { url });
    await sts.send(new GetCallerIdentityCommand({}));
    cloud.kill('SIGTERM');
    expect(await once(cloud, 'exit')).toEqual([0, null]);
    sts.destroy();
  });
});
