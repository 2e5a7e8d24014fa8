import type { SideManifest, SideName } from '../../definition/manifest/sections';
import { familyOf } from '../../definition/engines';
import type { SqlReader } from '../ports/sql-reader';
import type { Dialect } from './dialects/dialect';
import { mysql } from './dialects/mysql';
import { postgres } from './dialects/postgres';

export interface VerifiedSide {
  readonly engine: SideManifest['engine'];
  readonly reader: SqlReader;
  /** Which side it is: transformations are written from the source to the target. Absent: the primary is the source. */
  readonly side?: SideName;
}

/** Throws for an engine whose rows cannot be compared. */
export function dialectOf(engine: SideManifest['engine']): Dialect {
  const family = familyOf(engine);
  if (family === 'postgres') return postgres;
  if (family === 'mysql') return mysql;
  throw new Error(`Rows of ${engine} cannot be verified: only those of PostgreSQL, MySQL and MariaDB can.`);
}

/** Sends one statement at a time, so that a connection is never asked two things at once, and times each. */
export class Lane {
  private last: Promise<unknown> = Promise.resolve();
  private readonly reader: SqlReader;
  private readonly now: () => number;

  constructor(reader: SqlReader, now: () => number) {
    this.reader = reader;
    this.now = now;
  }

  async run(statement: { sql: string; values: readonly unknown[] }, signal: AbortSignal) {
    const turn = this.last.then(async () => {
      signal.throwIfAborted();
      const started = this.now();
      const rows = await this.reader.query(statement.sql, statement.values, signal);
      return { rows, milliseconds: this.now() - started };
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }
}
