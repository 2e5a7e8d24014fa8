import { NormalizedSchema } from '@smithy/core/schema';
import type { AddressInfo } from 'node:net';
import { dispatch } from '../../../rehearsal/aws-endpoint/wire/dispatch';
import { createHttpServer } from '../../../rehearsal/aws-endpoint/wire/http-server';
import { defineService } from '../../../rehearsal/aws-endpoint/wire/service';
import { readServiceModel } from '../../../rehearsal/aws-endpoint/wire/service-model';
import { Random, randomValue } from './random-values';
import { clientOf } from './running-endpoint';
import { sdkModules } from './sdk-modules';
import type { SdkModule } from './sdk-modules';

type ErrorClass = new (fields: object) => Error;

/** An operation that needs no input to speak of, to be the one that fails. */
const failing: Record<string, [operation: string, input: object]> = {
  CloudFormation: ['DescribeStacks', {}],
  CloudWatch: ['DescribeAlarms', {}],
  DMS: ['DescribeEndpoints', {}],
  RDS: ['DescribeDBInstances', {}],
  'Route 53': ['ListHostedZones', {}],
  S3: ['ListObjectsV2', { Bucket: 'a-bucket' }],
  'Secrets Manager': ['ListSecrets', {}],
  SNS: ['ListTopics', {}],
  SSM: ['DescribeParameters', {}],
  STS: ['GetCallerIdentity', {}],
};

/** Shares its code `ResourceNotFound` with another shape, so that no client can tell them apart. */
const ambiguous = new Set(['DashboardNotFoundError']);

function errorsOf({ module }: SdkModule): [string, NormalizedSchema][] {
  return Object.values(module)
    .filter((exported) => Array.isArray(exported) && exported[0] === -3)
    .map(
      (schema) => [(schema as string[])[2] ?? '', NormalizedSchema.of(schema as never)] as [string, NormalizedSchema],
    )
    .filter(([name]) => name in module && !name.endsWith('ServiceException') && !ambiguous.has(name));
}

describe.each(sdkModules)('$name', (sdk) => {
  test('says each of its errors so that the client knows the class, the text and the members', async () => {
    let next: Error = new Error('none');
    const model = readServiceModel(sdk.module, sdk.Client);
    const [operation, input] = failing[sdk.name] ?? ['', {}];
    const handler = (): never => {
      throw next;
    };
    const service = { ...defineService(model, {}), handlers: { [operation]: handler } };
    const silent = { before: () => undefined, after: (_call: unknown, response: never) => response };
    const server = createHttpServer((request) => dispatch([service], request, silent));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = clientOf(sdk.Client, { url });
    const Command = sdk.module[`${operation}Command`] as new (input: object) => object;

    const random = new Random(7);
    const problems: unknown[] = [];
    const errors = errorsOf(sdk);
    for (const [name, schema] of errors) {
      const Class = sdk.module[name] as ErrorClass;
      const members = randomValue(random, schema) as Record<string, unknown>;
      delete members['Message'];
      next = new Class({ ...members, message: `told by ${name}`, $metadata: {} });
      const caught = await client.send(new Command(input)).catch((error: unknown) => error);
      if (!(caught instanceof Class)) problems.push({ name, caught: String(caught) });
      else {
        const found = caught as unknown as Record<string, unknown>;
        if (caught.message !== `told by ${name}`) problems.push({ name, message: caught.message });
        for (const [key, value] of Object.entries(members)) {
          if (key === 'message' || (value as unknown[]).length === 0) continue;
          if (JSON.stringify(found[key]) !== JSON.stringify(value))
            problems.push({ name, key, value, found: found[key] });
        }
      }
    }
    client.destroy();
    server.closeAllConnections();
    server.close();
    expect(problems).toEqual([]);
    expect(errors.length).toBeGreaterThan(5);
  });
});
