import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
} from '@aws-sdk/client-ssm';
import type { PutParameterCommandInput, SSMClient } from '@aws-sdk/client-ssm';
import type { AwsEndpoint } from '../../../rehearsal/aws-endpoint/endpoint';
import { clients, startEndpoint } from './running-endpoint';

describe('the parameter store', () => {
  let endpoint: AwsEndpoint;
  let client: SSMClient;
  beforeEach(async () => {
    const sections = Array.from({ length: 12 }, (_unused, i) => ({
      name: `/cutover/test/billing/manifest/s${i}`,
      value: `v${i}`,
    }));
    const deep = { name: '/cutover/test/billing/manifest/deeper/x', value: 'deep' };
    endpoint = await startEndpoint({
      parameters: [...sections, deep, { name: '/secret', value: 'hush', type: 'SecureString' }],
    });
    client = clients.ssm(endpoint);
  });
  afterEach(async () => {
    client.destroy();
    await endpoint.close();
  });
  const put = (more: Partial<PutParameterCommandInput>) =>
    client.send(new PutParameterCommand({ Name: '/weight', Value: '255', Type: 'String', ...more }));
  const get = async (Name: string) => (await client.send(new GetParameterCommand({ Name }))).Parameter;

  test('counts versions, and overwrites only when asked to', async () => {
    expect(await put({})).toMatchObject({ Version: 1, Tier: 'Standard' });
    await expect(put({ Value: '0' })).rejects.toBeInstanceOf(ParameterAlreadyExists);
    expect((await put({ Value: '0', Overwrite: true, Type: undefined })).Version).toBe(2);
    expect(await get('/weight')).toMatchObject({ Value: '0', Version: 2, Type: 'String' });
    expect(await get('/weight:1')).toMatchObject({ Value: '255', Version: 1 });
    const { Parameters } = await client.send(new GetParameterHistoryCommand({ Name: '/weight' }));
    expect(Parameters?.map(({ Value }) => Value)).toEqual(['255', '0']);
    await client.send(new DeleteParameterCommand({ Name: '/weight' }));
    await expect(get('/weight')).rejects.toBeInstanceOf(ParameterNotFound);
  });

  test('refuses what does not fit', async () => {
    await expect(put({ Type: undefined })).rejects.toThrow('type is required');
    await expect(put({ Value: 'x'.repeat(4097) })).rejects.toThrow('maximum parameter value of 4096');
    expect((await put({ Value: 'x'.repeat(4097), Tier: 'Advanced' })).Tier).toBe('Advanced');
    await expect(put({ Value: 'x'.repeat(8193), Tier: 'Advanced', Overwrite: true })).rejects.toThrow('8192');
    await expect(put({ Overwrite: true, Tags: [{ Key: 'a', Value: 'b' }] })).rejects.toThrow('tags and overwrite');
  });

  test('gives what lies below a path, ten at a time', async () => {
    const by = (more: object) =>
      client.send(new GetParametersByPathCommand({ Path: '/cutover/test/billing/manifest', ...more }));
    const first = await by({});
    const second = await by({ NextToken: first.NextToken });
    expect([first.Parameters?.length, second.Parameters?.length, second.NextToken]).toEqual([10, 2, undefined]);
    const recursive = await by({ Recursive: true, MaxResults: 1 });
    expect(recursive.Parameters?.map(({ Name }) => Name)).toEqual(['/cutover/test/billing/manifest/deeper/x']);
    expect(recursive.Parameters?.[0]?.ARN).toBe(
      'arn:aws:ssm:eu-central-1:123456789012:parameter/cutover/test/billing/manifest/deeper/x',
    );
    await expect(by({ MaxResults: 11 })).rejects.toThrow('from 1 to 10');
  });

  test('names the parameters that it does not have, and hides what is secure', async () => {
    const Names = ['/secret', '/none'];
    const hidden = await client.send(new GetParametersCommand({ Names }));
    expect(hidden.InvalidParameters).toEqual(['/none']);
    expect(hidden.Parameters?.[0]?.Value).not.toContain('hush');
    const shown = await client.send(new GetParametersCommand({ Names, WithDecryption: true }));
    expect(shown.Parameters?.[0]).toMatchObject({ Value: 'hush', Type: 'SecureString' });
    const ParameterFilters = [{ Key: 'Name', Option: 'BeginsWith', Values: ['/cutover/test/billing/manifest/s1'] }];
    const { Parameters } = await client.send(new DescribeParametersCommand({ ParameterFilters }));
    expect(Parameters?.map(({ Name }) => Name?.split('/').at(-1))).toEqual(['s1', 's10', 's11']);
  });
});
