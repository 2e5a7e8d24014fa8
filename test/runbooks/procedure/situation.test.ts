import type { StateRow } from '../../../runbooks/ports/control-state';
import { deriveSituation, type SideFacts } from '../../../runbooks/procedure/situation';

const row = (change: Partial<StateRow>): StateRow => ({
  epoch: 5,
  primary: 'source',
  direction: 'forward',
  phase: 'steady',
  switchEpoch: 0,
  detail: {},
  ...change,
});
const side = (open: boolean, change: Partial<StateRow> | undefined, decision?: 'open' | 'unwind'): SideFacts => ({
  row: change && row(change),
  decision,
  gate: { unlockedAccounts: open ? ['app'] : [], fencedAccounts: open ? [] : ['app'], missingAccounts: [] },
});
const open = (change?: Partial<StateRow>, decision?: 'open' | 'unwind') => side(true, change, decision);
const fenced = (change?: Partial<StateRow>, decision?: 'open' | 'unwind') => side(false, change, decision);

describe('the situation of a migration', () => {
  it('is not started while no side has a row', () => {
    expect(deriveSituation({ source: side(true, undefined), target: side(true, undefined) })).toMatchObject({
      kind: 'not started',
      primary: 'source',
    });
  });

  it('is steady on the source after the start', () => {
    expect(deriveSituation({ source: open({}), target: fenced({}) })).toMatchObject({
      kind: 'steady',
      primary: 'source',
      direction: 'forward',
      writesAccepted: 'source',
    });
  });

  it('is switching from the first row that says so, on either side', () => {
    const switching = { phase: 'switching', switchEpoch: 7 } as const;
    for (const sides of [
      { source: open({}), target: fenced(switching) },
      { source: open(switching), target: fenced(switching) },
      { source: fenced(switching), target: fenced(switching) },
    ])
      expect(deriveSituation(sides)).toMatchObject({ kind: 'switching', primary: 'source', switchEpoch: 7 });
  });

  it('says that writes are accepted nowhere under the fence', () => {
    const switching = { phase: 'switching', switchEpoch: 7 } as const;
    expect(deriveSituation({ source: fenced(switching), target: fenced(switching) }).writesAccepted).toBe('nowhere');
  });

  it('is opening once the decision stands, whether or not the accounts are unlocked', () => {
    const before = { phase: 'switching', switchEpoch: 7 } as const;
    const after = { phase: 'opening', switchEpoch: 7, primary: 'target' } as const;
    for (const target of [fenced(after, 'open'), open(after, 'open')])
      expect(deriveSituation({ source: fenced(before), target })).toMatchObject({ kind: 'opening', primary: 'target' });
  });

  it('stays opening until both sides say steady', () => {
    const steady = { phase: 'steady', switchEpoch: 7, primary: 'target', direction: 'reverse' } as const;
    const behind = { phase: 'switching', switchEpoch: 7 } as const;
    expect(deriveSituation({ source: fenced(behind), target: open(steady, 'open') }).kind).toBe('opening');
    expect(deriveSituation({ source: fenced(steady), target: open(steady, 'open') })).toMatchObject({
      kind: 'steady',
      primary: 'target',
      direction: 'reverse',
    });
  });

  it('is switching while an unwinding is half done, and steady on the old primary after it', () => {
    const before = { phase: 'switching', switchEpoch: 7 } as const;
    const after = { phase: 'steady', switchEpoch: 7 } as const;
    expect(deriveSituation({ source: fenced(before), target: fenced(after, 'unwind') }).kind).toBe('switching');
    expect(deriveSituation({ source: open(after), target: fenced(after, 'unwind') })).toMatchObject({
      kind: 'steady',
      primary: 'source',
    });
  });

  it('mirrors on the way back', () => {
    const switching = { phase: 'switching', switchEpoch: 9, direction: 'reverse', primary: 'target' } as const;
    const opening = { ...switching, phase: 'opening', primary: 'source' } as const;
    expect(deriveSituation({ source: fenced(switching), target: fenced(switching) })).toMatchObject({
      kind: 'switching',
      primary: 'target',
      direction: 'reverse',
    });
    expect(deriveSituation({ source: open(opening, 'open'), target: fenced(switching) })).toMatchObject({
      kind: 'opening',
      primary: 'source',
    });
  });

  describe('is contradictory', () => {
    it.each([
      ['when both sides accept writes', { source: open({}), target: open({}) }],
      ['when the primary is closed outside a switch', { source: fenced({}), target: fenced({}) }],
      [
        'when the side that gives opens again after the decision',
        {
          source: open({ phase: 'switching', switchEpoch: 7 }),
          target: open({ phase: 'opening', switchEpoch: 7, primary: 'target' }, 'open'),
        },
      ],
      [
        'when the side that takes opens before the decision',
        {
          source: fenced({ phase: 'switching', switchEpoch: 7 }),
          target: open({ phase: 'switching', switchEpoch: 7 }),
        },
      ],
      [
        'when both rows are steady with different primaries and no decision',
        { source: open({}), target: fenced({ primary: 'target' }) },
      ],
    ] as const)('%s', (_title, sides) => {
      const situation = deriveSituation(sides);
      expect(situation.kind).toBe('contradictory');
      expect(situation.contradictions).not.toHaveLength(0);
    });
  });
});
