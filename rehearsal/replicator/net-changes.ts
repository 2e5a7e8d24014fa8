import type { RoutedChange } from './routed-change';
import type { Tuple, Value } from './row-change';
import type { Route } from './table-mappings/route';

type RowOperation = Exclude<RoutedChange, { kind: 'truncate' }>;

interface Net {
  /** The row that stood before the batch has to go. */
  removes?: Extract<RowOperation, { kind: 'delete' }>;
  /** What stands there afterwards: a new row, or columns of the old one. */
  writes?: Extract<RowOperation, { kind: 'insert' | 'update' }>;
}

/**
 * The net effect of one table's changes: one operation per key, deletions first. Undefined when they cannot be folded:
 * a row without a key, a change of the key itself or one that overlaps the load, or a truncate. Then they are applied one by one.
 */
export function netChanges(route: Route, changes: RoutedChange[]): RoutedChange[] | undefined {
  if (route.keyColumns.length === 0) return undefined;
  const byKey = new Map<string, Net>();
  for (const change of changes) {
    if (change.kind === 'truncate' || change.overlaps || (change.kind === 'update' && change.key)) return undefined;
    const key = keyOf(route, change.kind === 'delete' ? change.key : change.row);
    if (key === undefined) return undefined;
    const net = byKey.get(key) ?? {};
    byKey.set(key, net);
    if (!fold(net, change)) return undefined;
  }
  const all = [...byKey.values()];
  return [...all.flatMap((net) => net.removes ?? []), ...all.flatMap((net) => net.writes ?? [])];
}

/** False when the change does not follow from what came before it. */
function fold(net: Net, change: RowOperation): boolean {
  switch (change.kind) {
    case 'insert':
      if (net.writes) return false;
      net.writes = change;
      return true;
    case 'update': {
      const row = net.writes ? merge(net.writes.row, change.row) : change.row;
      if (!row || (net.removes && !net.writes)) return false;
      net.writes = net.writes?.kind === 'insert' ? { ...net.writes, row } : { ...change, row };
      return true;
    }
    case 'delete':
      if (net.removes && !net.writes) return false;
      // A row that was inserted in this batch never stood on the target, unless it replaced one that did.
      if (net.writes?.kind !== 'insert') net.removes = change;
      net.writes = undefined;
      return true;
  }
}

/** The later values over the earlier ones; undefined when the two rows have not the same columns. */
function merge(earlier: Tuple, later: Tuple): Tuple | undefined {
  if (earlier.names !== later.names) return undefined;
  const values: Value[] = later.values.map((value, index) => (value === undefined ? earlier.values[index] : value));
  return { names: later.names, values };
}

function keyOf(route: Route, tuple: Tuple | undefined): string | undefined {
  if (!tuple) return undefined;
  const values = route.keyColumns.map((name) => tuple.values[tuple.names.indexOf(name)]);
  return values.includes(undefined) ? undefined : JSON.stringify(values);
}
