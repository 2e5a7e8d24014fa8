import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Side } from '../workload/configuration';
import type { JournalHead, JournalObject } from './journal-chain';
import { asked, isMysql, type SideConnection } from './side-connection';

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
export async function readJournalHeads(connections: Record<Side, SideConnection>): Promise<JournalHead[]> {
  const heads: JournalHead[] = [];
  for (const side of ['source', 'target'] as const) {
    const connection = connections[side];
    const [id, records] = isMysql(connection) ? ['run_id', 'CAST(records AS CHAR)'] : ['run_id::text', 'records::text'];
    await asked(connection, async (read) => {
      const standing = await read(
        "SELECT 1 FROM information_schema.tables WHERE table_schema = 'cutover_local' AND table_name = 'journal_head'",
      );
      if (standing.length === 0) return;
      for (const [runId, count, head] of await read(`SELECT ${id}, ${records}, head FROM cutover_local.journal_head`))
        heads.push({ side, runId: runId ?? '', records: Number(count), head: head ?? '' });
    });
  }
  return heads;
}
