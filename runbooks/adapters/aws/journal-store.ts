import type { JournalStore } from '../../ports/journal-store';
import { recordName, type LocalSpool } from '../local-spool';
import type { TextObjects } from './text-objects';

const attempts = 3;
const readsAtOnce = 8;

/** The journal of a migration: one S3 object per record, each created once (`If-None-Match: *`). */
export function s3JournalStore(
  objects: TextObjects,
  spool: LocalSpool,
  { environment, migration }: { environment: string; migration: string },
): JournalStore {
  const folder = (runId: string) => `journal/${environment}/${migration}/${runId}/`;
  return {
    async append(runId, number, text, signal) {
      const key = `${folder(runId)}${recordName(number)}`;
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        if ((await objects.create(key, text, signal)).written) return;
        // Refused: by a record that stands there (perhaps this one, whose answer was lost), or by a write under way.
        const present = await objects.read(key, signal);
        if (present?.text === text) return;
        if (present !== undefined)
          throw new Error(`s3://${objects.bucket}/${key} holds another record; a record is never overwritten`);
      }
      throw new Error(`s3://${objects.bucket}/${key} was refused ${attempts} times and still does not exist`);
    },

    async read(runId, signal) {
      const keys = (await objects.keys(folder(runId), signal)).filter((key) => /\/\d{8}\.json$/.test(key));
      const texts: string[] = [];
      for (let start = 0; start < keys.length; start += readsAtOnce) {
        const some = keys.slice(start, start + readsAtOnce).map(async (key) => {
          const found = await objects.read(key, signal);
          if (found === undefined) throw new Error(`s3://${objects.bucket}/${key} is listed and yet not there`);
          return found.text;
        });
        texts.push(...(await Promise.all(some)));
      }
      return texts;
    },

    spool: (runId, number, text) => spool.keep(runId, number, text),
  };
}
