import type { TableName } from './row-change';

/** States of `DescribeTableStatistics` that this replicator reports. */
export type TableState = 'Table does not exist' | 'Before load' | 'Full load' | 'Table completed' | 'Table error';

/** The counters of one table as DMS shows them: what was read from the log and what was applied. */
export class TableStatistics {
  readonly name: TableName;
  state: TableState;
  inserts = 0;
  updates = 0;
  deletes = 0;
  ddls = 0;
  appliedInserts = 0;
  appliedUpdates = 0;
  appliedDeletes = 0;
  fullLoadRows = 0;
  /** Seconds since 1970. */
  lastUpdateTime = Date.now() / 1000;

  constructor(name: TableName, state: TableState) {
    this.name = name;
    this.state = state;
  }

  read(kind: 'insert' | 'update' | 'delete'): void {
    if (kind === 'insert') this.inserts++;
    else if (kind === 'update') this.updates++;
    else this.deletes++;
  }

  applied(kind: 'insert' | 'update' | 'delete'): void {
    if (kind === 'insert') this.appliedInserts++;
    else if (kind === 'update') this.appliedUpdates++;
    else this.appliedDeletes++;
    this.lastUpdateTime = Date.now() / 1000;
  }

  become(state: TableState): void {
    this.state = state;
    this.lastUpdateTime = Date.now() / 1000;
  }

  /** The row of the `statistics` message. */
  toJSON(): Record<string, unknown> {
    const { name, ...counters } = this;
    return { schema: name.schema, table: name.table, ...counters };
  }
}
