import type ZongJi from '@vlasky/zongji';
import type {
  AnyBinlogEvent,
  DeleteRowsEvent,
  QueryEvent,
  TableMapEvent,
  UpdateRowsEvent,
  XaPrepareEvent,
} from '@vlasky/zongji';
import type { ChangedKey, CollectedChanges } from '../../ports/changed-keys';
import { reachedFrom, type Cascade } from './cascades';
import { namesTable } from './ddl';
import { describeColumn, keyText, type KeyColumn } from './key-text';

type Row = Readonly<Record<string, unknown>>;

/** Statements that change neither rows nor a table's structure, whatever they name. `SET STATEMENT … FOR` runs another. */
const harmless =
  /^(BEGIN|START|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|XA|FLUSH|GRANT|REVOKE|SET(?!\s+STATEMENT)|ANALYZE|OPTIMIZE|(CREATE|ALTER)\s+(DATABASE|SCHEMA)|(CREATE|ALTER|DROP|RENAME)\s+(OR\s+REPLACE\s+)?(DEFINER\s*=\s*\S+\s+|AGGREGATE\s+)*(USER|ROLE|EVENT|TRIGGER|VIEW|PROCEDURE|FUNCTION|SERVER|SEQUENCE))\b/i;
/** The control databases hold no table of the migration, whatever their tables are called. */
const ours = /^\S+\s+(TABLE|DATABASE)\s+(IF\s+(NOT\s+)?EXISTS\s+)?`?cutover_(local|flow)\b/i;
/** Rows written as a statement: by a view, a function or a trigger it reaches tables that it does not name. */
const writesRows = /^(INSERT|UPDATE|DELETE|REPLACE|LOAD|SELECT|CALL|DO|WITH)\b/i;
/** Rows that the reader cannot take apart, and the setting that lets a session write them so. */
const unreadable: Readonly<Record<string, string>> = {
  PartialUpdateRows: 'binlog_row_value_options',
  TransactionPayload: 'binlog_transaction_compression',
};
const comments = /^(\s|\/\*(?!!|M!).*?\*\/|--[^\n]*\n|#[^\n]*\n)+/s;

/** Gathers from events which keys were touched, each once, and the tables where keys do not say it. */
export class ChangeCollector {
  private readonly on: {
    readonly keyColumns: ReadonlyMap<string, readonly string[]>;
    readonly columns: ReadonlyMap<string, ReadonlyMap<string, KeyColumn>>;
    readonly cascades: readonly Cascade[];
    readonly migrated: readonly string[];
  };
  private readonly keys = new Map<string, ChangedKey>();
  private readonly wholeTables = new Set<string>();
  private readonly cascaded = new Set<string>();
  private readonly prepared = new Set<string>();
  private gtid: string | undefined;
  private isInTransaction = false;

  constructor(on: ChangeCollector['on']) {
    this.on = on;
  }

  get size(): number {
    return this.keys.size;
  }

  /** Of the last transaction, where MySQL gives them GTIDs. */
  get lastGtid(): string | undefined {
    return this.gtid;
  }

  changes(): Pick<CollectedChanges, 'keys' | 'wholeTables'> {
    const reached = reachedFrom(this.on.cascades, this.cascaded);
    return { keys: [...this.keys.values()], wholeTables: [...new Set([...this.wholeTables, ...reached])] };
  }

  /** @throws Error where rows were changed and cannot be read. */
  take(event: AnyBinlogEvent, tables: ZongJi['tableMap']): void {
    const kind = event.getTypeName();
    const setting = unreadable[kind];
    if (setting !== undefined)
      throw new Error(
        `the binlog holds rows that cannot be read: a session has set ${setting}; take that away, and verify anew`,
      );
    switch (kind) {
      case 'Gtid':
        this.gtid = (event as { gtid?: string }).gtid;
        this.isInTransaction = true;
        return;
      case 'AnonymousGtid':
      case 'MariadbGtid':
        // Whether it is visible is not told by the GTID of one before it.
        this.gtid = undefined;
        this.isInTransaction = true;
        return;
      case 'Xid':
        this.isInTransaction = false;
        return;
      case 'Unknown':
        // Nothing of a transaction that is written as rows: LOAD DATA as a statement, or what accompanies another one.
        if (this.isInTransaction) this.everyTable();
        return;
      case 'TableMap':
        return this.describe(event as TableMapEvent, tables);
      case 'WriteRows':
      case 'DeleteRows':
      case 'UpdateRows':
        return this.rows(event as DeleteRowsEvent | UpdateRowsEvent, tables);
      case 'Query':
        return this.statement(event as QueryEvent);
      case 'XaPrepare':
        this.prepared.add(xidOf(event as XaPrepareEvent));
        this.isInTransaction = false;
        return;
      default:
    }
  }

  private describe(event: TableMapEvent, tables: ZongJi['tableMap']): void {
    const columns = this.on.columns.get(`${event.schemaName}.${event.tableName}`);
    const entry = tables[event.tableId];
    for (const [index, schema] of (entry?.columnSchemas ?? []).entries()) {
      const column = columns?.get(schema.COLUMN_NAME);
      if (column) describeColumn(schema, entry?.columns?.[index], column);
    }
  }

  private rows(event: DeleteRowsEvent | UpdateRowsEvent, tables: ZongJi['tableMap']): void {
    const entry = tables[event.tableId];
    if (!entry) return;
    const table = `${entry.parentSchema}.${entry.tableName}`;
    const kind = event.getTypeName();
    for (const each of event.rows as readonly (Row | { before: Row; after: Row })[]) {
      if (kind === 'UpdateRows') {
        const { before, after } = each as { before: Row; after: Row };
        this.touch(table, before);
        // A session may leave out of the new row what did not change.
        this.touch(table, { ...before, ...present(after) });
        this.follow(
          table,
          ({ onUpdate, columns }) => onUpdate && columns.some((name) => !isSame(before[name], after[name])),
        );
      } else {
        this.touch(table, each);
        if (kind === 'DeleteRows') this.follow(table, ({ onDelete }) => onDelete);
      }
    }
  }

  private touch(table: string, row: Row): void {
    const names = this.on.keyColumns.get(table);
    const columns = this.on.columns.get(table);
    // A table that is not compared by key; whoever asked knows whether that matters.
    if (!names || !columns) return void this.wholeTables.add(table);
    const key: string[] = [];
    for (const name of names) {
      const column = columns.get(name);
      const text = column && keyText(column, row[name]);
      if (text === undefined) return void this.wholeTables.add(table);
      key.push(text);
    }
    this.keys.set(JSON.stringify([table, key]), { table, key });
  }

  /** Rows of children changed with it that stand in no binlog. */
  private follow(parent: string, acts: (cascade: Cascade) => boolean): void {
    for (const cascade of this.on.cascades)
      if (cascade.parent === parent && acts(cascade)) this.cascaded.add(cascade.child);
  }

  /** Rows written as statements, or tables changed or emptied: what is named, or may be meant, is compared as a whole. */
  private statement({ query }: QueryEvent): void {
    const text = query.replace(comments, '');
    this.isInTransaction = /^(BEGIN|XA\s+START)\b/i.test(text);
    const xa = /^XA\s+COMMIT\s+(.*)$/is.exec(text)?.[1];
    if (xa !== undefined) {
      // Its rows were prepared before what is read here.
      if (!this.prepared.has(xa.trim())) this.everyTable();
      return;
    }
    if (harmless.test(text) || ours.test(text)) return;
    if (writesRows.test(text.replace(/^SET\s+STATEMENT\b.*?\bFOR\s+/is, ''))) return this.everyTable();
    for (const name of [...this.on.keyColumns.keys(), ...this.on.migrated])
      if (namesTable(text, name.slice(name.indexOf('.') + 1))) this.wholeTables.add(name);
  }

  private everyTable(): void {
    for (const name of this.on.keyColumns.keys()) this.wholeTables.add(name);
  }
}

const present = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
const isSame = (one: unknown, other: unknown): boolean =>
  other === undefined || JSON.stringify(one) === JSON.stringify(other);

/** As the server writes it in the statement that commits it: `X'…',X'…',1`. */
function xidOf({ xidGtrid, xidBqual, xidFormatId }: XaPrepareEvent): string {
  return `X'${xidGtrid.toString('hex')}',X'${xidBqual.toString('hex')}',${xidFormatId}`;
}
