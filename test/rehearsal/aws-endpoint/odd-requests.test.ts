import { DescribeEventSubscriptionsCommand } from '@aws-sdk/client-database-migration-service';
import { ListHealthChecksCommand } from '@aws-sdk/client-route-53';
import { GetBucketAclCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { ListDocumentsCommand } from '@aws-sdk/client-ssm';
import type { AwsEndpoint } from '../../../rehearsal/aws-endpoint/endpoint';
import { clientOf, clients, startEndpoint } from './running-endpoint';

const json = { 'content-type': 'application/x-amz-json-1.1' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const post = (headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer> = '') => ({
  method: 'POST',
  headers,
  body,
});
const scope = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=K/20240101/eu-central-1/${service}/aws4_request`,
});

describe('requests that nobody should send', () => {
  let endpoint: AwsEndpoint;
  beforeAll(async () => {
    endpoint = await startEndpoint({ buckets: ['journal'] });
  });
  afterAll(async () => {
    await endpoint.close();
  });

  test.each<[string, string, RequestInit, number]>([
    ['an unknown target', '/', post({ ...json, 'x-amz-target': 'Nobody.Nothing' }, '{}'), 404],
    ['an unknown operation of a known service', '/', post({ ...json, 'x-amz-target': 'AmazonSSM.Nothing' }, '{}'), 404],
    ['an unknown action', '/', post(form, 'Action=Nothing&Version=2014-10-31'), 404],
    ['an unknown method', '/journal/key', { method: 'PATCH' }, 404],
    ['JSON that is none', '/', post({ ...json, 'x-amz-target': 'AmazonSSM.GetParameter' }, '{"Name":'), 400],
    [
      'CBOR that is none',
      '/service/GraniteServiceVersion20100801/operation/ListMetrics',
      post({ 'smithy-protocol': 'rpc-v2-cbor' }, '\u00ff\u00ff'),
      400,
    ],
    ['XML that is none', '/2013-04-01/hostedzone/Z1/rrset', post(scope('route53'), '<Change'), 400],
    ['a label that cannot be decoded', '/2013-04-01/hostedzone/%E0%A4%A/rrset', { headers: scope('route53') }, 400],
    ['a zip that is none', '/', post({ ...json, 'content-encoding': 'gzip' }, 'not zipped'), 400],
    ['nothing at all', '/', {}, 200],
  ])('%s', async (_what, path, request, status) => {
    const response = await fetch(`${endpoint.url}${path}`, request);
    expect([response.status, (await response.text()).length > 0]).toEqual([status, true]);
    const sts = clientOf(STSClient, endpoint);
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe('123456789012');
    sts.destroy();
  });

  test('operations without behaviour say so, in every format', async () => {
    const missing = { name: 'NotImplemented', $metadata: { httpStatusCode: 501 } };
    await expect(clients.route53(endpoint).send(new ListHealthChecksCommand({}))).rejects.toMatchObject(missing);
    await expect(clients.dms(endpoint).send(new DescribeEventSubscriptionsCommand({}))).rejects.toMatchObject(missing);
    await expect(clients.s3(endpoint).send(new GetBucketAclCommand({ Bucket: 'journal' }))).rejects.toMatchObject(
      missing,
    );
    await expect(clients.ssm(endpoint).send(new ListDocumentsCommand({}))).rejects.toThrow(
      'no behaviour for ssm ListDocuments',
    );
  });
});
