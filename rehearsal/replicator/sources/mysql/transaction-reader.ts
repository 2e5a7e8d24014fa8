import type { AnyBinlogEvent, MariadbGtidEvent, QueryEvent, XaPrepareEvent } from '@vlasky/zongji';
import {
  type BinlogPosition,
  compareBinlogPositions,
  formatReadPosition,
  type ReadPosition,
} from '../../mysql/binlog-position';
import { nameOf, type RowChange } from '../../row-change';
import { FatalTaskError } from '../../task-errors';
import type { StreamTarget } from '../change-source';
import { PartWriter } from '../part-writer';
import { readStatement, type Statement } from './query-event';

/**
 * Follows the groups of events: GTID, BEGIN (MariaDB's GTID is one), rows, XID or COMMIT; or GTID and one statement.
 * What it hands on are whole transactions.
 */
export class TransactionReader {
  private readonly into: StreamTarget;
  private readonly parts: PartWriter;
  private readonly overlapEnd: BinlogPosition | undefined;
  /** The last place between two groups. */
  private boundary: BinlogPosition;
  private state: 'between' | 'group' | 'transaction' = 'between';

  constructor(position: ReadPosition, into: StreamTarget) {
    this.into = into;
    this.parts = new PartWriter(into);
    this.boundary = position.at;
    this.overlapEnd = position.overlapEnd;
  }

  get receivedPosition(): string {
    return this.format(this.boundary);
  }

  /** The stream stands at `at`, which is a boundary unless a group is open. */
  reached(at: BinlogPosition): void {
    if (this.state === 'between') this.boundary = at;
  }

  add(change: RowChange, size: number): void {
    const { overlapEnd } = this;
    const overlaps = overlapEnd !== undefined && compareBinlogPositions(this.boundary, overlapEnd) < 0;
    this.parts.add(change, size, overlaps);
  }

  /** @param at the place behind the event */
  event(event: AnyBinlogEvent, at: BinlogPosition): void {
    switch (event.getTypeName()) {
      case 'Gtid':
      case 'AnonymousGtid':
        this.state = 'group';
        return;
      case 'MariadbGtid':
        this.state = (event as MariadbGtidEvent).standalone ? 'group' : 'transaction';
        return;
      case 'Xid':
        return this.commit(at, event);
      case 'XaPrepare':
        return this.prepared(event as XaPrepareEvent, at);
      case 'Query':
        return this.query(event as QueryEvent, at);
      default:
        return this.reached(at);
    }
  }

  private query(event: QueryEvent, at: BinlogPosition): void {
    const statement = readStatement(event.query, event.schema);
    if (statement.kind === 'begin') this.state = 'transaction';
    else if (statement.kind === 'commit') this.commit(at, event);
    else if (statement.kind === 'rollback') this.rollBack(at);
    else {
      this.note(statement, event);
      if (this.state === 'transaction') return;
      if (statement.kind === 'truncate') this.parts.add({ kind: 'truncate', tables: [statement.table] }, 100);
      this.commit(at, event);
    }
  }

  private commit(at: BinlogPosition, event: AnyBinlogEvent): void {
    this.parts.commit(this.format(at), commitTime(event));
    this.state = 'between';
    this.boundary = at;
  }

  private rollBack(at: BinlogPosition): void {
    if (!this.parts.discard()) {
      throw new FatalTaskError('the binlog rolls back a transaction of which a part is applied already; load again');
    }
    this.state = 'between';
    this.boundary = at;
  }

  /** What is prepared may still be rolled back, and may stay so over a restart of this task: it cannot be carried. */
  private prepared(event: XaPrepareEvent, at: BinlogPosition): void {
    if (event.onePhase) return this.commit(at, event);
    if (this.parts.begun) {
      throw new FatalTaskError(
        'the binlog holds a prepared (XA) transaction on captured tables, which is not replicated',
      );
    }
    this.commit(at, event);
  }

  /** Statements that concern captured tables. The structure is not replicated, so a change of it is only said. */
  private note(statement: Statement, event: QueryEvent): void {
    if (statement.kind === 'rows as statement' && this.concernsCaptured(event)) {
      throw new FatalTaskError(
        `the binlog holds a ${statement.verb} of ${event.schema} as a statement instead of its rows: a session of the ` +
          'source has set binlog_format; it must be ROW everywhere. Load again',
      );
    }
    if (statement.kind !== 'table changed') return;
    const route = this.into.router.routeOf(statement.table);
    if (!route) return;
    route.statistics.ddls++;
    process.stderr.write(`${statement.verb} of ${nameOf(statement.table)} on the source is not replicated\n`);
  }

  private concernsCaptured({ schema, query }: QueryEvent): boolean {
    const captured = this.into.router.statistics.map(({ name }) => name.schema);
    return captured.some((name) => name === schema || query.includes(name));
  }

  private format(at: BinlogPosition): string {
    return formatReadPosition({ at, overlapEnd: this.overlapEnd });
  }
}

/**
 * The binlog's time has whole seconds. The end of that second is taken, or now where that is earlier: otherwise a change
 * of this moment would look half a second old.
 */
const commitTime = (event: AnyBinlogEvent): number => Math.min(Date.now(), event.timestamp + 999);
