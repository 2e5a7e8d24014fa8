import type { Random } from './random';
import type { Row, TableModel } from './table-model';

/** A row that one client inserted and alone may change: so its expected state follows from that client's ledger. */
export interface OwnRow {
  model: TableModel;
  key: string[];
  /** The columns that a row of another table may refer to. */
  values: Row;
  parents: OwnRow[];
  /** Rows that refer to this one: it is not deleted while there are any. */
  children: number;
}

const MOST_PER_TABLE = 150;

/** The rows that a client still works on. The oldest are let go: they stay in the ledger and are never touched again. */
export class OwnRows {
  private readonly rows = new Map<TableModel, OwnRow[]>();

  add(row: OwnRow): void {
    const rows = this.of(row.model);
    rows.push(row);
    for (const parent of row.parents) parent.children++;
    if (rows.length > MOST_PER_TABLE) rows.shift();
  }

  /** After a deletion. */
  remove(row: OwnRow): void {
    this.forget(row);
    for (const parent of row.parents) parent.children--;
  }

  /** Where it is not known what became of the row: its parents keep counting it. */
  forget(row: OwnRow): void {
    const rows = this.of(row.model);
    const at = rows.indexOf(row);
    if (at >= 0) rows.splice(at, 1);
  }

  pick(model: TableModel, random: Random): OwnRow | undefined {
    const rows = this.of(model);
    return rows.length === 0 ? undefined : random.pick(rows);
  }

  /** Any row that is fit for the purpose and not `taken`, or undefined after some vain tries. */
  pickAny(random: Random, taken: Set<OwnRow>, fit: (row: OwnRow) => boolean): OwnRow | undefined {
    const filled = [...this.rows.values()].filter((rows) => rows.length > 0);
    for (let tries = 0; tries < 12 && filled.length > 0; tries++) {
      const row = random.pick(random.pick(filled));
      if (!taken.has(row) && fit(row)) return row;
    }
    return undefined;
  }

  private of(model: TableModel): OwnRow[] {
    let rows = this.rows.get(model);
    if (rows === undefined) this.rows.set(model, (rows = []));
    return rows;
  }
}
