import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Number of a journal record as it stands in names: eight digits, so that text order is number order. */
export const recordName = (number: number): string => `${String(number).padStart(8, '0')}.json`;

/**
 * Journal records that the store could not take, kept on this computer until somebody uploads them.
 * One folder per run, one file per record, readable by the operator only; a record is never overwritten.
 */
export class LocalSpool {
  private readonly folder: string;

  /** @param folder e.g. `.cutover/spool` below the working directory */
  constructor(folder: string) {
    this.folder = folder;
  }

  folderOf(runId: string): string {
    return join(this.folder, runId);
  }

  /** Resolves when the record is on disk. @throws Error when another text stands under this number. */
  async keep(runId: string, number: number, text: string): Promise<void> {
    await mkdir(this.folderOf(runId), { recursive: true, mode: 0o700 });
    const path = join(this.folderOf(runId), recordName(number));
    try {
      const file = await open(path, 'wx', 0o600);
      try {
        await file.writeFile(text, 'utf8');
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
      if (!isThere) throw error;
      if ((await readFile(path, 'utf8')) !== text)
        throw new Error(`${path} holds another record; move the folder away, it is evidence`, { cause: error });
    }
  }
}
