import { failedAt } from '../../ports/failures';
import type { JournalStore } from '../../ports/journal-store';
import { recordName, type LocalSpool } from '../local-spool';
import type { TextObjects } from './text-objects';

const attempts = 3;
const readsAtOnce = 8;
/** A write pause may wait for this record, and undo must not: beyond this the store counts as not reached. */
const defaultPatienceMilliseconds = 5_000;

/** The journal of a migration: one S3 object per record, each created once (`If-None-Match: *`). */
export function s3JournalStore(
  objects: TextObjects,
  spool: LocalSpool,
  place: { environment: string; migration: string; patienceMilliseconds?: number },
): JournalStore {
  const { environment, migration, patienceMilliseconds = defaultPatienceMilliseconds } = place;
  const folder = (runId: string) => `journal/${environment}/${migration}/${runId}/`;
  const create = async (key: string, text: string, signal: AbortSignal): Promise<void> => {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      if ((await objects.create(key, text, signal)).written) return;
      // Refused: by a record that stands there (perhaps this one, whose answer was lost), or by a write under way.
      const present = await objects.read(key, signal);
      if (present?.text === text) return;
      if (present !== undefined)
        throw new Error(`s3://${objects.bucket}/${key} holds another record; a record is never overwritten`);
    }
    throw new Error(`s3://${objects.bucket}/${key} was refused ${attempts} times and still does not exist`);
  };

  return {
    async append(runId, number, text, signal) {
      const patience = AbortSignal.timeout(patienceMilliseconds);
      const key = `${folder(runId)}${recordName(number)}`;
      try {
        await create(key, text, AbortSignal.any([signal, patience]));
      } catch (error) {
        signal.throwIfAborted();
        if (!patience.aborted) throw error;
        throw failedAt(
          'S3',
          new Error(`s3://${objects.bucket} did not take the record within ${patienceMilliseconds} ms`, {
            cause: error,
          }),
        );
      }
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

    async uploadSpooled(signal) {
      const uploaded = [];
      for (const runId of await spool.runs()) {
        const records = await spool.records(runId);
        // In order: a reader of the store meets a chain that ends early, never one with a gap.
        for (const { number, text } of records) await create(`${folder(runId)}${recordName(number)}`, text, signal);
        await spool.forget(runId);
        uploaded.push({ runId, records: records.length });
      }
      return uploaded;
    },
  };
}
