import type * as sdk from '@aws-sdk/client-s3';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../wire/aws-error';
import type { Handlers } from '../../wire/service';
import { sameTag } from './object-store';
import type { BucketStore, StoredObject } from './object-store';

interface ReadConditions {
  IfMatch?: string | undefined;
  IfNoneMatch?: string | undefined;
}

function checkRead(object: StoredObject, { IfMatch, IfNoneMatch }: ReadConditions): void {
  if (IfMatch !== undefined && !sameTag(IfMatch, object.etag)) {
    throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
  }
  if (IfNoneMatch !== undefined && sameTag(IfNoneMatch, object.etag))
    throw new AwsError('NotModified', 'Not Modified', 304);
}

/** The bytes that a `Range: bytes=a-b` header asks for. */
function cut(body: Uint8Array, range: string | undefined): { body: Uint8Array; contentRange: string | undefined } {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return { body, contentRange: undefined };
  const start = from === '' ? Math.max(0, body.length - Number(to)) : Number(from);
  const end = from === '' || to === '' ? body.length - 1 : Math.min(Number(to), body.length - 1);
  if (start > end) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
  return { body: body.subarray(start, end + 1), contentRange: `bytes ${start}-${end}/${body.length}` };
}

function head(object: StoredObject, withChecksum: boolean) {
  return {
    ETag: object.etag,
    LastModified: object.modifiedAt,
    ContentLength: object.body.length,
    ContentType: object.contentType ?? 'binary/octet-stream',
    Metadata: object.metadata,
    AcceptRanges: 'bytes',
    ...(withChecksum && object.checksumCrc32 !== undefined ? { ChecksumCRC32: object.checksumCrc32 } : {}),
  };
}

function checkBody(input: sdk.PutObjectCommandInput, body: Uint8Array): void {
  if (input.ContentEncoding?.includes('aws-chunked') === true) {
    const message = 'aws-chunked bodies are not read here: send a string or a buffer, not a stream';
    throw new AwsError('NotImplemented', message, 501);
  }
  const computed = Buffer.alloc(4);
  computed.writeUInt32BE(crc32(body));
  if (input.ChecksumCRC32 !== undefined && computed.toString('base64') !== input.ChecksumCRC32) {
    throw new AwsError('BadDigest', 'The CRC32 you specified did not match the calculated checksum.');
  }
}

/** Single objects: put, get, head, delete. */
export function objectHandlers(store: BucketStore): Handlers<typeof sdk> {
  return {
    PutObject(input) {
      const bucket = store.get(input.Bucket);
      const key = input.Key ?? '';
      const body = (input.Body ?? new Uint8Array()) as Uint8Array;
      checkBody(input, body);
      bucket.check(key, { ifMatch: input.IfMatch, ifNoneMatch: input.IfNoneMatch });
      const { ContentType: contentType, Metadata: metadata, ChecksumCRC32: checksumCrc32 } = input;
      const object = bucket.put({ key, body, contentType, metadata, checksumCrc32 });
      return { ETag: object.etag, ChecksumCRC32: object.checksumCrc32 };
    },

    GetObject(input) {
      const object = store.get(input.Bucket).get(input.Key ?? '');
      checkRead(object, input);
      const { body, contentRange } = cut(object.body, input.Range);
      const whole = contentRange === undefined;
      const fields = { ...head(object, whole && input.ChecksumMode === 'ENABLED'), ContentLength: body.length };
      return { ...fields, ContentRange: contentRange, Body: body as never };
    },

    HeadObject(input) {
      const object = store.find(input.Bucket)?.find(input.Key ?? '');
      if (object === undefined) throw new AwsError('NotFound', 'Not Found', 404);
      checkRead(object, input);
      return head(object, input.ChecksumMode === 'ENABLED');
    },

    DeleteObject({ Bucket, Key = '', IfMatch }) {
      const bucket = store.get(Bucket);
      bucket.check(Key, { ifMatch: IfMatch });
      bucket.delete(Key);
      return {};
    },
  };
}
