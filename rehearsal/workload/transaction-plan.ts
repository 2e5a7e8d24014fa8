import type { WorkloadMix } from '../scenarios/scenario';
import { type Draft, type InsertDraft, insertDrafts } from './draft';
import type { OwnRow, OwnRows } from './own-rows';
import type { Random } from './random';
import type { TableModel } from './table-model';

/** Decides what the next transaction of a client does, by the shares of the scenario's mix. */
export class TransactionPlanner {
  private readonly models: Map<string, TableModel>;
  private readonly own: OwnRows;
  private readonly random: Random;
  private readonly mix: WorkloadMix;

  constructor(models: TableModel[], own: OwnRows, mix: WorkloadMix, random: Random) {
    this.models = new Map(models.map((model) => [model.table.id, model]));
    this.own = own;
    this.mix = mix;
    this.random = random;
  }

  next(): { drafts: Draft[]; holdMilliseconds: number } {
    const kind = this.random.weighted(this.mix);
    if (kind === 'insert') return { drafts: this.inserts(), holdMilliseconds: 0 };
    if (kind === 'update') return { drafts: this.updates(), holdMilliseconds: 0 };
    if (kind === 'delete') return { drafts: this.deletes(), holdMilliseconds: 0 };
    const holdMilliseconds = kind === 'longTransaction' ? this.random.integer(100, 400) : 0;
    return { drafts: this.several(), holdMilliseconds };
  }

  private insertable(): TableModel[] {
    return [...this.models.values()].filter((model) => model.insertable);
  }

  private inserts(model: TableModel = this.random.pick(this.insertable())): InsertDraft[] {
    return insertDrafts(model, this.own, this.models, this.random);
  }

  private updates(): Draft[] {
    const row = this.own.pickAny(this.random, new Set(), (each) => each.model.updatable);
    return row ? [{ kind: 'update', row }] : this.inserts();
  }

  private deletes(): Draft[] {
    const row = this.own.pickAny(this.random, new Set(), deletable);
    return row ? [{ kind: 'delete', row }] : this.inserts();
  }

  /** A row, a child of it where a table refers to it, a change of it, and changes of older rows. */
  private several(): Draft[] {
    const inserts = this.inserts();
    const drafts: Draft[] = [...inserts];
    const first = inserts[inserts.length - 1] as InsertDraft;
    const child = this.childOf(first);
    if (child) drafts.push(child);
    if (first.model.updatable && this.random.chance(0.5)) drafts.push({ kind: 'update', row: first });
    // Not the parents of what is inserted here: a deletion would take them away underneath.
    const taken = new Set<OwnRow>(inserts.flatMap((draft) => draft.parents.map(([, parent]) => parent as OwnRow)));
    const older = this.own.pickAny(this.random, taken, (row) => row.model.updatable);
    if (older) {
      taken.add(older);
      drafts.push({ kind: 'update', row: older });
    }
    const gone = this.random.chance(0.3) ? this.own.pickAny(this.random, taken, deletable) : undefined;
    if (gone) drafts.push({ kind: 'delete', row: gone });
    return drafts;
  }

  private childOf(parent: InsertDraft): InsertDraft | undefined {
    const candidates = this.insertable().filter(
      ({ table, newParent }) =>
        !table.hasAfterTriggers &&
        table.foreignKeys.some((key) => key.table === parent.model.table.id && (!newParent || key === newParent)),
    );
    if (candidates.length === 0) return undefined;
    const model = this.random.pick(candidates);
    const key = model.newParent ?? model.table.foreignKeys.find((each) => each.table === parent.model.table.id);
    return key && { kind: 'insert', model, parents: [[key, parent]] };
  }
}

function deletable(row: OwnRow): boolean {
  return row.children === 0 && !row.model.consumed;
}
