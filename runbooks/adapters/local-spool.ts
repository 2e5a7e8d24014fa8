import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Number of a journal record as it stands in names: eight digits, so that text order is number order. */
export const recordName = (number: number): string => `${String(number).padStart(8, '0')}.json`;

/**
 * Journal records that the store could not take, kept on this computer until somebody uploads them.
 * One folder per run, one file per record, readable by the operator only; a record is never overwritten.
 */
export class LocalSpool {
  private readonly folder: string;

  /** @param folder of one migration, e.g. `.cutover/spool/production/billing` below the working directory */
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

  /** Runs that have records here. */
  async runs(): Promise<string[]> {
    const found = await readdir(this.folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return found
      .filter((each) => each.isDirectory())
      .map(({ name }) => name)
      .sort();
  }

  /** Records of a run, in their order. */
  async records(runId: string): Promise<{ number: number; text: string }[]> {
    const names = (await readdir(this.folderOf(runId))).filter((name) => /^\d{8}\.json$/.test(name)).sort();
    return Promise.all(
      names.map(async (name) => ({
        number: Number(name.slice(0, 8)),
        text: await readFile(join(this.folderOf(runId), name), 'utf8'),
      })),
    );
  }

  /** The records of this run stand in the store. */
  forget(runId: string): Promise<void> {
    return rm(this.folderOf(runId), { recursive: true, force: true });
  }
}
