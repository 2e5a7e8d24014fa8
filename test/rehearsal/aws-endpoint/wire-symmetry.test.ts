import { NormalizedSchema } from '@smithy/core/schema';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dispatch } from '../../../rehearsal/aws-endpoint/wire/dispatch';
import type { Interceptor } from '../../../rehearsal/aws-endpoint/wire/dispatch';
import { createHttpServer } from '../../../rehearsal/aws-endpoint/wire/http-server';
import { defineService } from '../../../rehearsal/aws-endpoint/wire/service';
import type { Service } from '../../../rehearsal/aws-endpoint/wire/service';
import { readServiceModel } from '../../../rehearsal/aws-endpoint/wire/service-model';
import { Random, randomValue } from './random-values';
import { clientOf } from './running-endpoint';
import { sdkModules } from './sdk-modules';
import type { SdkModule } from './sdk-modules';

/** Operations that the SDK's client rewrites or streams, so that what goes in is not what comes out. */
const rewritten: Record<string, RegExp> = {
  S3: /^(PutObject|CopyObject|UploadPartCopy|SelectObjectContent|WriteGetObjectResponse|GetObject|GetObjectTorrent|CreateSession|GetBucketLocation|.*Annotation.*)$/,
};

/** Members that a client's middleware fills in or changes. */
const touched: Record<string, readonly string[]> = {
  S3: [
    'Bucket',
    'CopySource',
    'ExpectedBucketOwner',
    'SSECustomerKey',
    'SSECustomerKeyMD5',
    'CopySourceSSECustomerKey',
    'CopySourceSSECustomerKeyMD5',
    'ContentLength',
    'ContentMD5',
    'ContentType',
    'ContentEncoding',
    'ChecksumAlgorithm',
    'ChecksumMode',
    'ChecksumCRC32',
    'ChecksumCRC32C',
    'ChecksumCRC64NVME',
    'ChecksumSHA1',
    'ChecksumSHA256',
    'ChecksumSHA512',
    'ChecksumMD5',
    'ChecksumXXHASH64',
    'ChecksumXXHASH3',
    'ChecksumXXHASH128',
    'Expires',
    'ExpiresString',
  ],
  RDS: ['PreSignedUrl', 'SourceRegion'],
};

/** Touched too, but without them there is no request. */
const addresses = ['Bucket', 'CopySource'];

interface Exchange {
  input: unknown;
  output: object;
}

/** Every operation of a service keeps what it was asked and answers what the test has laid ready. */
function echo(sdk: SdkModule, exchange: Exchange): Service {
  const model = readServiceModel(sdk.module, sdk.Client);
  const handler = (input: object): object => {
    exchange.input = input;
    return exchange.output;
  };
  const handlers = Object.fromEntries([...model.operations.keys()].map((name) => [name, handler]));
  return { ...defineService(model, {}), handlers };
}

/** A value as text, in an order and without what the wire cannot tell from absent: empty lists and structures. */
function comparable(value: unknown, left: readonly string[]): unknown {
  if (value instanceof Uint8Array) return value.length === 0 ? undefined : Buffer.from(value).toString('hex');
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null)
    return typeof value === 'bigint' ? Number(value) : (value ?? undefined);
  if (Array.isArray(value)) {
    const items = value.map((item) => comparable(item, left)).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  const members = Object.entries(value)
    .filter(([key]) => key !== '$metadata' && !left.includes(key))
    .map(([key, member]) => [key, comparable(member, left)] as const)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

const silent: Interceptor = { before: () => undefined, after: (_call, response) => response };

describe.each(sdkModules)('$name on the wire', (sdk) => {
  const exchange: Exchange = { input: undefined, output: {} };
  let service: Service;
  let server: Server;
  let url: string;
  beforeAll(async () => {
    service = echo(sdk, exchange);
    server = createHttpServer((request) => dispatch([service], request, silent));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('gives back what was sent, for every operation of the client', async () => {
    const random = new Random(20_240_607);
    const client = clientOf(sdk.Client, { url });
    const left = touched[sdk.name] ?? [];
    const problems: unknown[] = [];
    let tried = 0;
    for (const { name, input, output } of service.model.operations.values()) {
      if (rewritten[sdk.name]?.test(name)) continue;
      const Command = sdk.module[`${name}Command`] as new (input: unknown) => object;
      const sent = (randomValue(random, NormalizedSchema.of(input)) ?? {}) as Record<string, unknown>;
      for (const member of left) if (!addresses.includes(member)) delete sent[member];
      if (sdk.name === 'S3' && 'Bucket' in sent) sent['Bucket'] = 'a-bucket';
      exchange.output = randomValue(random, NormalizedSchema.of(output)) ?? {};
      exchange.input = undefined;
      tried += 1;
      try {
        const received = await client.send(new Command({ ...sent }));
        const pairs = [
          ['input', sent, exchange.input ?? {}],
          ['output', exchange.output, received],
        ] as const;
        for (const [what, expected, found] of pairs) {
          const [wanted, got] = [comparable(expected, left), comparable(found, left)];
          if (JSON.stringify(wanted) !== JSON.stringify(got)) problems.push({ name, what, wanted, got });
        }
      } catch (error) {
        problems.push({ name, error: String(error), sent });
      }
    }
    client.destroy();
    expect(problems).toEqual([]);
    expect(tried).toBeGreaterThan(8);
  });
});
