import { NoSuchBucket, NoSuchKey } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { AwsError } from '../../wire/aws-error';

/** An object as it was last put. */
export interface StoredObject {
  readonly key: string;
  readonly body: Uint8Array;
  readonly etag: string;
  readonly modifiedAt: Date;
  readonly contentType: string | undefined;
  readonly metadata: Record<string, string> | undefined;
  readonly checksumCrc32: string | undefined;
}

export interface Conditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

/** The text of S3's 412; there is no class for it in the SDK, clients match the name. */
function preconditionFailed(): AwsError {
  return new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
}

const unquoted = (etag: string): string => etag.replace(/^"|"$/g, '');

export function sameTag(a: string, b: string): boolean {
  return unquoted(a) === unquoted(b);
}

/** One bucket. Keys are ordered by their UTF-8 bytes, as ListObjectsV2 returns them. */
export class Bucket {
  private readonly objects = new Map<string, StoredObject>();

  find(key: string): StoredObject | undefined {
    return this.objects.get(key);
  }

  /** @throws NoSuchKey */
  get(key: string): StoredObject {
    const object = this.objects.get(key);
    if (object !== undefined) return object;
    throw new NoSuchKey({ message: 'The specified key does not exist.', $metadata: {} });
  }

  keys(): string[] {
    return [...this.objects.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  /** @throws PreconditionFailed (412), or NoSuchKey when If-Match names an object that is not there */
  check(key: string, { ifMatch, ifNoneMatch }: Conditions): void {
    const present = this.objects.get(key);
    if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
      throw new AwsError('NotImplemented', `If-None-Match of a write must be *; got ${ifNoneMatch}`, 501);
    }
    if (ifNoneMatch === '*' && present !== undefined) throw preconditionFailed();
    if (ifMatch !== undefined && !(ifMatch === '*' || sameTag(this.get(key).etag, ifMatch))) throw preconditionFailed();
    if (ifMatch === '*') this.get(key);
  }

  put(object: Omit<StoredObject, 'etag' | 'modifiedAt'>): StoredObject {
    const etag = `"${createHash('md5').update(object.body).digest('hex')}"`;
    const stored = { ...object, etag, modifiedAt: new Date(Math.floor(Date.now() / 1000) * 1000) };
    this.objects.set(object.key, stored);
    return stored;
  }

  delete(key: string): void {
    this.objects.delete(key);
  }
}

/** The buckets of the seed; none is made or removed at run time. */
export class BucketStore {
  private readonly buckets: ReadonlyMap<string, Bucket>;

  constructor(names: readonly string[]) {
    this.buckets = new Map(names.map((name) => [name, new Bucket()]));
  }

  names(): string[] {
    return [...this.buckets.keys()];
  }

  find(name: string | undefined): Bucket | undefined {
    return this.buckets.get(name ?? '');
  }

  /** @throws NoSuchBucket */
  get(name: string | undefined): Bucket {
    const bucket = this.find(name);
    if (bucket !== undefined) return bucket;
    throw new NoSuchBucket({ message: 'The specified bucket does not exist', $metadata: {} });
  }
}
