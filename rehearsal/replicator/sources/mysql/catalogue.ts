import type { Connection as Session, RowDataPacket } from 'mysql2/promise';
import { nameOf, type TableName } from '../../row-change';
import { type MysqlTable, readTables } from './tables';

const utf8 = new Set(['utf8', 'utf8mb3', 'utf8mb4']);

/** The source's tables as they are while a task runs, and its single-byte character sets. */
export class Catalogue {
  private readonly session: Session;
  readonly tables: Map<string, MysqlTable>;
  /** Character set → the characters of the bytes 0 to 255. */
  private readonly characters = new Map<string, string>();

  private constructor(session: Session, tables: Map<string, MysqlTable>) {
    this.session = session;
    this.tables = tables;
  }

  static async read(session: Session): Promise<Catalogue> {
    const catalogue = new Catalogue(session, await readTables(session));
    await catalogue.learnCharacters([...catalogue.tables.values()]);
    return catalogue;
  }

  find(name: TableName): MysqlTable | undefined {
    return this.tables.get(nameOf(name));
  }

  /** Reads a table that was created since. Undefined when it is gone again. */
  async learn(name: TableName): Promise<MysqlTable | undefined> {
    for (const [key, table] of await readTables(this.session, name)) this.tables.set(key, table);
    const table = this.find(name);
    if (table) await this.learnCharacters([table]);
    return table;
  }

  /** The characters of a single-byte set; undefined for other sets. */
  charactersOf(charset: string): string | undefined {
    return this.characters.get(charset);
  }

  /** The server itself says what each byte is, so changes are decoded exactly as loaded rows are. */
  private async learnCharacters(tables: readonly MysqlTable[]): Promise<void> {
    const used = new Set(tables.flatMap((table) => table.columns.flatMap(({ charset }) => charset ?? [])));
    const wanted = [...used].filter((charset) => !utf8.has(charset) && !this.characters.has(charset));
    if (wanted.length === 0) return;
    const [single] = await this.session.query<RowDataPacket[]>(
      'SELECT CHARACTER_SET_NAME AS name FROM information_schema.CHARACTER_SETS WHERE MAXLEN = 1 AND CHARACTER_SET_NAME IN (?)',
      [wanted],
    );
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('hex');
    for (const row of single) {
      const name = String(row['name']);
      // As a text of the set: MySQL gives nothing at all for bytes that are to become one and that the set does not have.
      const [[answer]] = await this.session.query<RowDataPacket[]>(
        `SELECT CONVERT(_${name} x'${bytes}' USING utf8mb4) AS characters`,
      );
      const characters = String(answer?.['characters']);
      if (characters.length !== 256) throw new Error(`the source does not say which characters ${name} has`);
      this.characters.set(name, characters);
    }
  }
}
