import { differingDurations } from '../../definition/differing-durations';
import { environments } from '../../environments';

const all = Object.values(environments);
const commonOf = (name: string) =>
  all.map((environment) => {
    const { accounts, writers, tables, transformations, records } = environment.migrations[name]!;
    return { accounts, writers, tables, transformations, names: records.map((record) => [record.name, record.kind]) };
  });

describe('the environments', () => {
  it('are known by the names that operators type', () => {
    expect(Object.entries(environments).map(([key, { name, kind }]) => [key, name, kind])).toEqual(
      ['development', 'staging', 'production'].map((name) => [name, name, name]),
    );
  });

  it.each(['billing', 'orders'])('move the same %s: only places, sizes and durations differ', (name) => {
    const [first, ...others] = commonOf(name);
    for (const other of others) expect(other).toEqual(first);
  });

  it('show both shapes of a migration', () => {
    const levels = (name: string) => all[2]!.migrations[name]!.records.map((record) => record.level);
    expect(new Set(levels('billing'))).toEqual(new Set(['database']));
    expect(new Set(levels('orders'))).toEqual(new Set(['application']));
  });

  it('hold in production the longest windows', () => {
    const [development, , production] = all;
    const shorter = differingDurations(production!.migrations['billing'], development!.migrations['billing']);
    expect(shorter.length).toBeGreaterThan(3);
    for (const { from, to } of shorter) expect(Number(from)).toBeGreaterThan(Number(to));
  });
});
