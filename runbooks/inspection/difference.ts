/** Something that is not the same on both sides and that replication does not bring. */
export interface Difference {
  /** What it belongs to: `schema.table` for all that hangs on a table, else the object's own name. */
  readonly object: string;
  /** What differs, e.g. `index`, `default of column state`. */
  readonly kind: string;
  readonly onPrimary?: string;
  readonly onOther?: string;
  /** `blocks`: the other side would refuse, lose or slow down what the primary allows. `note`: worth knowing. */
  readonly severity: 'blocks' | 'note';
  /** The statement that makes the other side the same, where there is one. */
  readonly ddl?: string;
}

/** One property of one side. Facts of both sides with the same id are the same property; then their details must agree. */
export interface Fact {
  readonly id: string;
  readonly object: string;
  readonly kind: string;
  readonly detail: string;
  readonly ddl?: string;
  /** Id of the fact that this one stands on (a column, a table): where that is missing, this needs no mention. */
  readonly parent?: string;
}

/** How a kind of fact is judged when it stands on one side only or differs. */
export interface Judgement {
  readonly missing: Difference['severity'];
  /** On the other side only. */
  readonly extra: Difference['severity'];
  readonly different: Difference['severity'];
}

/** Differences in the order of the primary's facts, then what only the other side has. */
export function compareFacts(primary: readonly Fact[], other: readonly Fact[], judge: (kind: string) => Judgement) {
  const found: Difference[] = [];
  const here = new Map(primary.map((fact) => [fact.id, fact]));
  const there = new Map(other.map((fact) => [fact.id, fact]));
  const explained = (fact: Fact, by: ReadonlyMap<string, Fact>) => fact.parent !== undefined && !by.has(fact.parent);
  for (const fact of primary) {
    const { id, object, kind, detail, ddl } = fact;
    const counterpart = there.get(id);
    if (counterpart?.detail === detail || explained(fact, there)) continue;
    const severity = counterpart ? judge(kind).different : judge(kind).missing;
    found.push({ object, kind, onPrimary: detail, onOther: counterpart?.detail, severity, ddl });
  }
  for (const fact of other) {
    if (here.has(fact.id) || explained(fact, here)) continue;
    found.push({ object: fact.object, kind: fact.kind, onOther: fact.detail, severity: judge(fact.kind).extra });
  }
  return found;
}
