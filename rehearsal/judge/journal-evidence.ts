import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Side } from '../workload/configuration';
import { Session, type SessionOptions } from '../workload/session';
import type { JournalHead, JournalObject } from './journal-chain';

export interface JournalPlace {
  /** Of the rehearsal's AWS endpoint. */
  endpointUrl: string;
  region: string;
  bucket: string;
  /** Such as `journal/rehearsal/billing/`. */
  prefix: string;
}

/** Every object under the prefix, read with the ordinary S3 client. */
export async function fetchJournal(place: JournalPlace): Promise<JournalObject[]> {
  const s3 = new S3Client({
    endpoint: place.endpointUrl,
    region: place.region,
    forcePathStyle: true,
    credentials: { accessKeyId: 'REHEARSALJUDGE', secretAccessKey: 'not-a-secret' },
  });
  try {
    const objects: JournalObject[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectsV2Command({ Bucket: place.bucket, Prefix: place.prefix, ContinuationToken }),
      );
      for (const { Key } of page.Contents ?? []) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: place.bucket, Key }));
        objects.push({ key: Key ?? '', body: (await Body?.transformToString('utf8')) ?? '' });
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return objects;
  } finally {
    s3.destroy();
  }
}

/** What both databases remember of the journals; nothing where the control schema is not there (yet, or any more). */
export async function readJournalHeads(connections: Record<Side, SessionOptions>): Promise<JournalHead[]> {
  const heads: JournalHead[] = [];
  for (const side of ['source', 'target'] as const) {
    const session = await Session.open(connections[side]);
    try {
      const { rows } = await session.run("SELECT to_regclass('cutover_local.journal_head')::text");
      if (rows[0]?.[0] == null) continue;
      const found = await session.run('SELECT run_id::text, records::text, head FROM cutover_local.journal_head');
      for (const [runId, records, head] of found.rows) {
        heads.push({ side, runId: runId ?? '', records: Number(records), head: head ?? '' });
      }
    } finally {
      session.close();
    }
  }
  return heads;
}
