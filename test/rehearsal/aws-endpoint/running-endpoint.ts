import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DatabaseMigrationServiceClient } from '@aws-sdk/client-database-migration-service';
import { Route53Client } from '@aws-sdk/client-route-53';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { startAwsEndpoint } from '../../../rehearsal/aws-endpoint/endpoint';
import type { AwsEndpoint } from '../../../rehearsal/aws-endpoint/endpoint';
import { endpointSeed } from '../../../rehearsal/aws-endpoint/seed';
import type { EndpointSeedInput } from '../../../rehearsal/aws-endpoint/seed';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

export const account = '123456789012';
export const region = 'eu-central-1';

/** An endpoint in this process, on a free port of loopback. Route 53 is not throttled unless a test asks for it. */
export async function startEndpoint(seed: Partial<EndpointSeedInput> = {}): Promise<AwsEndpoint> {
  const anywhere = { host: '127.0.0.1', port: 0 };
  const route53 = { requestsPerSecond: 1000, changeProcessingMilliseconds: 0, ...seed.route53 };
  return startAwsEndpoint(
    endpointSeed.parse({ accountId: account, region, listen: anywhere, control: anywhere, ...seed, route53 }),
  );
}

/** A client of the SDK, changed in nothing but its address. */
export function clientOf<C>(
  Client: new (configuration: never) => C,
  endpoint: { url: string },
  maxAttempts = 1,
  more: object = {},
): C {
  const credentials = { accessKeyId: 'AKIAOPERATOR', secretAccessKey: 'unused' };
  return new Client({ region, endpoint: endpoint.url, maxAttempts, credentials, ...more } as never);
}

export const clients = {
  cloudWatch: (endpoint: AwsEndpoint) => clientOf(CloudWatchClient, endpoint),
  dms: (endpoint: AwsEndpoint) => clientOf(DatabaseMigrationServiceClient, endpoint),
  route53: (endpoint: AwsEndpoint) => clientOf(Route53Client, endpoint),
  s3: (endpoint: AwsEndpoint) => clientOf(S3Client, endpoint),
  ssm: (endpoint: AwsEndpoint) => clientOf(SSMClient, endpoint),
};

/** Asks again and again until the answer is wanted; fails after a generous deadline. */
export async function eventually<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(answer)} after 20 seconds`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
