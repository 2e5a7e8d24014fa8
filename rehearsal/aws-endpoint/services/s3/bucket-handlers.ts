import type * as sdk from '@aws-sdk/client-s3';
import { AwsError } from '../../wire/aws-error';
import type { Handlers } from '../../wire/service';
import type { Bucket, BucketStore } from './object-store';

const createdAt = new Date();

interface Listing {
  readonly keys: string[];
  readonly prefixes: string[];
  /** The last key or common prefix of the page, if more follow. */
  readonly next: string | undefined;
}

/** Keys and common prefixes after `after`, at most `most` of both together, as S3 counts them. */
function list(bucket: Bucket, prefix: string, delimiter: string | undefined, after: string, most: number): Listing {
  const keys: string[] = [];
  const prefixes: string[] = [];
  let last = '';
  for (const key of bucket.keys()) {
    if (!key.startsWith(prefix) || (after !== '' && Buffer.compare(Buffer.from(key), Buffer.from(after)) <= 0))
      continue;
    const at = delimiter === undefined || delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const common = at < 0 ? undefined : key.slice(0, at + (delimiter?.length ?? 0));
    if (common !== undefined && (common === prefixes.at(-1) || (after.startsWith(common) && after !== ''))) continue;
    if (keys.length + prefixes.length === most) return { keys, prefixes, next: last };
    if (common === undefined) keys.push(key);
    else prefixes.push(common);
    last = common ?? key;
  }
  return { keys, prefixes, next: undefined };
}

/** Buckets and their listing. */
export function bucketHandlers(store: BucketStore, region: string): Handlers<typeof sdk> {
  return {
    HeadBucket({ Bucket }) {
      if (store.find(Bucket) === undefined) throw new AwsError('NotFound', 'Not Found', 404);
      return { BucketRegion: region };
    },

    GetBucketLocation({ Bucket }) {
      store.get(Bucket);
      return { LocationConstraint: region as sdk.BucketLocationConstraint };
    },

    ListBuckets: () => ({ Buckets: store.names().map((Name) => ({ Name, CreationDate: createdAt })) }),

    ListObjectsV2({ Bucket, Prefix = '', Delimiter, MaxKeys = 1000, ContinuationToken, StartAfter }) {
      const bucket = store.get(Bucket);
      const after =
        ContinuationToken === undefined ? (StartAfter ?? '') : Buffer.from(ContinuationToken, 'base64url').toString();
      const most = Math.min(MaxKeys, 1000);
      const { keys, prefixes, next } = list(bucket, Prefix, Delimiter, after, most);
      return {
        Name: Bucket,
        Prefix,
        Delimiter,
        StartAfter,
        ContinuationToken,
        MaxKeys: most,
        KeyCount: keys.length + prefixes.length,
        IsTruncated: next !== undefined,
        NextContinuationToken: next === undefined ? undefined : Buffer.from(next).toString('base64url'),
        Contents: keys.map((key) => {
          const { etag, modifiedAt, body } = bucket.get(key);
          return {
            Key: key,
            ETag: etag,
            LastModified: modifiedAt,
            Size: body.length,
            StorageClass: 'STANDARD' as const,
          };
        }),
        CommonPrefixes: prefixes.map((common) => ({ Prefix: common })),
      };
    },
  };
}
