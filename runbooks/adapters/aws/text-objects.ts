import { UsageError } from '../../ports/failures';
import type { AwsClients } from './clients';
import { during } from './during';

export interface TextObject {
  readonly text: string;
  /** For the next `replace`. */
  readonly etag: string;
}

/** `refused`: the condition did not hold, or another write was under way. That can hide a success of our own: read back. */
export type ConditionalWrite = { written: true; etag: string } | { written: false };

/** S3 has no error classes for these; 409 is documented for conditional writes that meet each other. */
const refusals = new Set(['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey']);

/** Small texts in one bucket, written only under a condition. */
export class TextObjects {
  private readonly clients: AwsClients;
  readonly bucket: string;

  constructor(clients: AwsClients, bucket: string) {
    this.clients = clients;
    this.bucket = bucket;
  }

  /** Absent when there is no such object. */
  async read(key: string, signal: AbortSignal): Promise<TextObject | undefined> {
    const { sdk, client } = await this.clients.s3();
    try {
      return await during(signal, async (options) => {
        const answer = await client.send(new sdk.GetObjectCommand({ Bucket: this.bucket, Key: key }), options);
        return { text: (await answer.Body?.transformToString('utf-8')) ?? '', etag: answer.ETag ?? '' };
      });
    } catch (error) {
      if (error instanceof sdk.NoSuchKey) return undefined;
      // S3 says 403 instead of 404 to whoever may not list: ask the list, which the runbook role may.
      const denied = error instanceof UsageError && error.code === 'access-denied';
      if (denied && !(await this.keys(key, signal)).includes(key)) return undefined;
      throw error;
    }
  }

  create(key: string, text: string, signal: AbortSignal): Promise<ConditionalWrite> {
    return this.put(key, text, { IfNoneMatch: '*' }, signal);
  }

  replace(key: string, text: string, etag: string, signal: AbortSignal): Promise<ConditionalWrite> {
    return this.put(key, text, { IfMatch: etag }, signal);
  }

  /** Keys with a prefix, in the order of their bytes. */
  async keys(prefix: string, signal: AbortSignal): Promise<string[]> {
    const { sdk, client } = await this.clients.s3();
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const input = { Bucket: this.bucket, Prefix: prefix, ContinuationToken: token };
      const page = await during(signal, (options) => client.send(new sdk.ListObjectsV2Command(input), options));
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return keys;
  }

  private async put(
    key: string,
    text: string,
    condition: { IfMatch: string } | { IfNoneMatch: '*' },
    signal: AbortSignal,
  ): Promise<ConditionalWrite> {
    const { sdk, client } = await this.clients.s3();
    // A string: the SDK would send a stream in chunks with a trailer, and could not send it a second time.
    const input = { Bucket: this.bucket, Key: key, Body: text, ContentType: 'application/json', ...condition };
    try {
      const { ETag } = await during(signal, (options) => client.send(new sdk.PutObjectCommand(input), options));
      return { written: true, etag: ETag ?? '' };
    } catch (error) {
      if (error instanceof Error && refusals.has(error.name)) return { written: false };
      throw error;
    }
  }
}
