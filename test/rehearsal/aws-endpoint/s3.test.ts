import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  NoSuchKey,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import type { AwsEndpoint } from '../../../rehearsal/aws-endpoint/endpoint';
import { clients, startEndpoint } from './running-endpoint';

const Bucket = 'billing-journal';

describe('S3', () => {
  let endpoint: AwsEndpoint;
  let client: S3Client;
  beforeAll(async () => {
    endpoint = await startEndpoint({ buckets: [Bucket, 'other'] });
    client = clients.s3(endpoint);
  });
  afterAll(async () => {
    client.destroy();
    await endpoint.close();
  });

  const put = (Key: string, Body: string, more: Partial<PutObjectCommandInput> = {}) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const text = async (Key: string, more = {}) =>
    (await client.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToString();
  const failed = (status: number, name: string) =>
    expect.objectContaining({
      name,
      $metadata: expect.objectContaining({ httpStatusCode: status }) as unknown,
    }) as unknown;

  test('creates an object once, whoever comes first', async () => {
    const attempts = ['one', 'two', 'three'].map((body) => put('journal/00000001.json', body, { IfNoneMatch: '*' }));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toEqual(failed(412, 'PreconditionFailed'));
    }
    expect(['one', 'two', 'three']).toContain(await text('journal/00000001.json'));
  });

  test('replaces an object only for who knows its tag', async () => {
    const { ETag: first } = await put('locks/billing.json', '{"epoch":1}');
    const { ETag: second } = await put('locks/billing.json', '{"epoch":2}', { IfMatch: first });
    await expect(put('locks/billing.json', '{"epoch":9}', { IfMatch: first })).rejects.toEqual(
      failed(412, 'PreconditionFailed'),
    );
    await expect(put('locks/none.json', '{}', { IfMatch: first })).rejects.toBeInstanceOf(NoSuchKey);
    const stale = new DeleteObjectCommand({ Bucket, Key: 'locks/billing.json', IfMatch: first });
    await expect(client.send(stale)).rejects.toEqual(failed(412, 'PreconditionFailed'));
    const read = await client.send(new GetObjectCommand({ Bucket, Key: 'locks/billing.json', IfMatch: second }));
    expect(await read.Body?.transformToString()).toBe('{"epoch":2}');
    const unchanged = new GetObjectCommand({ Bucket, Key: 'locks/billing.json', IfNoneMatch: second });
    await expect(client.send(unchanged)).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  });

  test('keeps bytes, names, types and metadata as they were', async () => {
    const Key = 'odd/ä b+c&d%2F=?.bin';
    const Body = Buffer.from(Array.from({ length: 256 }, (_unused, i) => i));
    const Metadata = { run: 'r-1' };
    await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/x-odd', Metadata }));
    const { Body: read, ...head } = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect(Buffer.from((await read?.transformToByteArray()) ?? [])).toEqual(Body);
    expect(head).toMatchObject({ ContentLength: 256, ContentType: 'application/x-odd', Metadata });
    expect(await client.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({
      ContentLength: 256,
      Metadata,
      ETag: head.ETag,
    });
    const part = await client.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=10-12' }));
    expect(part).toMatchObject({ $metadata: { httpStatusCode: 206 }, ContentRange: 'bytes 10-12/256' });
    expect([...((await part.Body?.transformToByteArray()) ?? [])]).toEqual([10, 11, 12]);
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    await expect(text(Key)).rejects.toBeInstanceOf(NoSuchKey);
  });

  test('refuses a streamed body, which the SDK cuts into chunks', async () => {
    // The SDK warns that it cannot send a stream a second time.
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const Body = Readable.from([Buffer.from('abc')]);
    const streamed = client.send(new PutObjectCommand({ Bucket, Key: 'streamed', Body, ContentLength: 3 }));
    await expect(streamed).rejects.toEqual(failed(501, 'NotImplemented'));
    warn.mockRestore();
    await expect(text('streamed')).rejects.toBeInstanceOf(NoSuchKey);
  });

  test('refuses a body that is not the one its checksum was made of', async () => {
    await expect(put('bad', 'abc', { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({ name: 'BadDigest' });
  });

  test('lists keys in the order of their bytes, in pages and by folders', async () => {
    const keys = ['a/1', 'a/2', 'a/b/3', 'a/b/4', 'a/c/5', 'b/6', 'ä', 'z'];
    for (const key of keys) await client.send(new PutObjectCommand({ Bucket: 'other', Key: key, Body: key }));
    const list = (more: object) => client.send(new ListObjectsV2Command({ Bucket: 'other', ...more }));
    const seen: (string | undefined)[] = [];
    let token: string | undefined;
    do {
      const page = await list({ MaxKeys: 3, ContinuationToken: token });
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    expect(seen).toEqual(['a/1', 'a/2', 'a/b/3', 'a/b/4', 'a/c/5', 'b/6', 'z', 'ä']);

    const folders: (string | undefined)[] = [];
    do {
      const page = await list({ Prefix: 'a/', Delimiter: '/', MaxKeys: 1, ContinuationToken: token });
      folders.push(
        ...(page.Contents ?? []).map(({ Key }) => Key),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      );
      token = page.NextContinuationToken;
    } while (token !== undefined);
    expect(folders).toEqual(['a/1', 'a/2', 'a/b/', 'a/c/']);
    expect((await list({ StartAfter: 'b/6' })).Contents?.map(({ Key }) => Key)).toEqual(['z', 'ä']);
  });

  test('knows its buckets', async () => {
    expect((await client.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual([Bucket, 'other']);
    expect(await client.send(new HeadBucketCommand({ Bucket }))).toMatchObject({ BucketRegion: 'eu-central-1' });
    await expect(client.send(new HeadBucketCommand({ Bucket: 'none' }))).rejects.toEqual(failed(404, 'NotFound'));
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'none' }))).rejects.toEqual(failed(404, 'NotFound'));
    await expect(client.send(new ListObjectsV2Command({ Bucket: 'none' }))).rejects.toBeInstanceOf(NoSuchBucket);
  });
});
