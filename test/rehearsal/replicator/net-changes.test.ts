import fc from 'fast-check';
import { netChanges } from '../../../rehearsal/replicator/net-changes';
import type { RoutedChange } from '../../../rehearsal/replicator/routed-change';
import { Route } from '../../../rehearsal/replicator/table-mappings/route';
import { TableStatistics } from '../../../rehearsal/replicator/table-statistics';

const table = { schema: 'app', table: 't' };
const statistics = new TableStatistics(table, 'Table completed');
const route = new Route(table, { target: table, column: (name) => name }, ['id'], statistics);
const names = ['id', 'v', 'big'];
const keyNames = ['id'];
type Rows = Map<string, (string | null | undefined)[]>;

/** What a table holds after the changes; the strictness of a real one: no double keys, no missing rows. */
function perform(rows: Rows, changes: RoutedChange[]): void {
  for (const change of changes) {
    if (change.kind === 'truncate') throw new Error('not expected');
    const id = (change.kind === 'delete' ? change.key : change.row)?.values[0] as string;
    if (rows.has(id) === (change.kind === 'insert')) throw new Error(`${change.kind} of ${id} does not fit`);
    if (change.kind === 'insert') rows.set(id, change.row.values);
    else if (change.kind === 'delete') rows.delete(id);
    else
      rows.set(
        id,
        change.row.values.map((value, index) => (value === undefined ? rows.get(id)?.[index] : value)),
      );
  }
}

/** A history that a table can really have. */
const history = fc
  .array(
    fc.record({
      id: fc.nat(4).map(String),
      v: fc.nat(9).map(String),
      big: fc.option(fc.nat(9).map(String), { nil: undefined }),
      go: fc.boolean(),
    }),
  )
  .map((steps) => {
    const standing = new Set(['0', '1', '2']);
    return steps.map(({ id, v, big, go }): RoutedChange => {
      if (!standing.has(id)) {
        standing.add(id);
        return { kind: 'insert', route, row: { names, values: [id, v, big ?? 'b'] } };
      }
      if (!go) return { kind: 'update', route, row: { names, values: [id, v, big] } };
      standing.delete(id);
      return { kind: 'delete', route, key: { names: keyNames, values: [id] } };
    });
  });

describe('net changes of a table', () => {
  it('leave what the single changes leave, with at most a deletion and a write for each key', () => {
    fc.assert(
      fc.property(history, (changes) => {
        const start: Rows = new Map(['0', '1', '2'].map((id) => [id, [id, 'old', 'large']]));
        const [one, all] = [new Map(start), new Map(start)];
        perform(one, changes);
        const net = netChanges(route, changes);
        expect(net).toBeDefined();
        perform(all, net ?? []);
        expect([...all].sort()).toEqual([...one].sort());
        const writes = (net ?? []).flatMap((each) => ('row' in each ? (each.row.values[0] as string) : []));
        expect(new Set(writes).size).toBe(writes.length);
      }),
    );
  });

  it('are refused where rows cannot be told apart by their key', () => {
    const keyless = new Route(table, { target: table, column: (name) => name }, [], statistics);
    const row = { names, values: ['1', 'a', 'b'] };
    expect(netChanges(keyless, [{ kind: 'insert', route: keyless, row }])).toBeUndefined();
    expect(netChanges(route, [{ kind: 'truncate', routes: [route] }])).toBeUndefined();
    const key = { names: keyNames, values: ['2'] };
    expect(netChanges(route, [{ kind: 'update', route, key, row }])).toBeUndefined();
    expect(netChanges(route, [{ kind: 'delete', route }])).toBeUndefined();
  });
});
