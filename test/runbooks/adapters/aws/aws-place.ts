import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { Manifest } from '../../../../definition/manifest/sections';
import type { AwsEndpoint } from '../../../../rehearsal/aws-endpoint/endpoint';
import type { EndpointSeedInput } from '../../../../rehearsal/aws-endpoint/seed';
import { awsClients, type AwsClients } from '../../../../runbooks/adapters/aws/clients';
import { account, region, startEndpoint } from '../../../rehearsal/aws-endpoint/running-endpoint';

export { account, region };
export const zoneId = 'Z1BILLING';
export const bucket = 'cutover-journal';
export const noSignal = new AbortController().signal;

/** Points the SDK of this process to an endpoint, as an operator's environment does. */
export function pointTo(url: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'AKIAOPERATOR',
    AWS_SECRET_ACCESS_KEY: 'unused',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
}

export interface Place {
  readonly endpoint: AwsEndpoint;
  readonly clients: AwsClients;
  close(): Promise<void>;
}

/** A real endpoint in this process and the product's own clients. */
export async function openPlace(seed: Partial<EndpointSeedInput> = {}): Promise<Place> {
  const endpoint = await startEndpoint({ buckets: [bucket], ...seed });
  pointTo(endpoint.url);
  const clients = awsClients({ mode: 'execute' });
  return {
    endpoint,
    clients,
    close: async () => {
      clients.close();
      await endpoint.close();
    },
  };
}

export const writeName = 'billing-db.rehearsal.internal';
export const readName = 'billing-db-read.rehearsal.internal';

const route = (record: string, side: 'source' | 'target') => ({
  setIdentifier: `billing-${side}`,
  value: `billing-${side}.databases.rehearsal.internal`,
  weightParameter: `/cutover/test/billing/weights/${record}/${side}`,
});
const record = (name: string, kind: 'read' | 'write') => ({
  name,
  kind,
  ttlSeconds: 5,
  source: route(name, 'source'),
  target: route(name, 'target'),
});

export const routing: Manifest['routing'] = {
  zoneId,
  visibility: 'public',
  authoritativeServers: [],
  stackNames: ['billing-routing'],
  records: [record(writeName, 'write'), record(readName, 'read')],
};

export const weighted = (
  name: string,
  side: 'source' | 'target',
  weight: number,
  more: Partial<ResourceRecordSet> = {},
): ResourceRecordSet => ({
  Name: name,
  Type: 'CNAME',
  SetIdentifier: `billing-${side}`,
  Weight: weight,
  TTL: 5,
  ResourceRecords: [{ Value: `billing-${side}.databases.rehearsal.internal` }],
  ...more,
});

/** Both pairs on the source, in Route 53 and in SSM. */
export function routingSeed(extra: ResourceRecordSet[] = []): Partial<EndpointSeedInput> {
  const names = [writeName, readName];
  return {
    route53: {
      requestsPerSecond: 1000,
      changeProcessingMilliseconds: 0,
      nameServers: [{ host: '127.0.0.1', port: 1 }],
      zones: [
        {
          id: zoneId,
          name: 'rehearsal.internal',
          records: [...names.flatMap((name) => [weighted(name, 'source', 255), weighted(name, 'target', 0)]), ...extra],
        },
      ],
    },
    parameters: routing.records.flatMap(({ source, target }) => [
      { name: source.weightParameter, value: '255' },
      { name: target.weightParameter, value: '0' },
    ]),
    stacks: [{ name: 'billing-routing', status: 'UPDATE_COMPLETE' }],
  };
}
