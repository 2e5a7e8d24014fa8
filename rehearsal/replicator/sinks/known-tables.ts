import { nameOf, type TableName } from '../row-change';

/** Knows tables; asks the catalogue once for each. */
export class KnownTables<T> {
  private readonly read: (name: TableName) => Promise<T | undefined>;
  private readonly known = new Map<string, T>();

  constructor(read: (name: TableName) => Promise<T | undefined>) {
    this.read = read;
  }

  get(name: TableName): T | undefined {
    return this.known.get(nameOf(name));
  }

  forget(name: TableName): void {
    this.known.delete(nameOf(name));
  }

  /** Throws when the table is not there. */
  async learn(name: TableName): Promise<T> {
    const table = await this.find(name);
    if (!table) throw new Error(`table ${nameOf(name)} does not exist on the target`);
    return table;
  }

  /** Undefined when the table is not there. */
  async find(name: TableName): Promise<T | undefined> {
    const known = this.get(name);
    if (known) return known;
    const found = await this.read(name);
    if (found) this.known.set(nameOf(name), found);
    return found;
  }
}
