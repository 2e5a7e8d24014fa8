import type { Direction, SideName } from '../../definition/manifest/sections';
import type { Outcome, StateRow } from '../ports/control-state';
import type { WriteGateReading } from '../ports/write-gate';

export const otherSide = (side: SideName): SideName => (side === 'source' ? 'target' : 'source');
/** The side that a direction replicates to, and that a switch in this direction opens. */
export const sideTo = (direction: Direction): SideName => (direction === 'forward' ? 'target' : 'source');
export const opposite = (direction: Direction): Direction => (direction === 'forward' ? 'reverse' : 'forward');
/** The replication that keeps the other side current while `primary` serves. */
export const directionFrom = (primary: SideName): Direction => (primary === 'source' ? 'forward' : 'reverse');

/** What one side itself says. */
export interface SideFacts {
  readonly row?: StateRow;
  /** Decision standing on this side for the newest switch. */
  readonly decision?: Outcome;
  readonly gate: WriteGateReading;
}

export type SituationKind =
  'not started' | 'starting' | 'steady' | 'switching' | 'opening' | 'finalized' | 'contradictory';

/** Where a migration stands: derived from both databases, never from a file of ours. */
export interface Situation {
  readonly kind: SituationKind;
  readonly primary: SideName;
  /** Of the replication while steady, of the switch under way otherwise. */
  readonly direction: Direction;
  readonly switchEpoch: number;
  readonly writesAccepted: 'source' | 'target' | 'nowhere' | 'both';
  /** The row to go on from: the newest one. */
  readonly row?: StateRow;
  readonly decision?: Outcome;
  /** What contradicts what, in words. */
  readonly contradictions: readonly string[];
  /** Told by one side alone, since this one does not answer. */
  readonly lost?: SideName;
}

const isOpen = (facts: SideFacts) => facts.gate.unlockedAccounts.length > 0;

function writesAcceptedBy(source: SideFacts, target: SideFacts): Situation['writesAccepted'] {
  if (isOpen(source) && isOpen(target)) return 'both';
  if (isOpen(source)) return 'source';
  return isOpen(target) ? 'target' : 'nowhere';
}

const advance: Record<StateRow['phase'], number> = { starting: 0, switching: 1, opening: 2, steady: 3, finalized: 4 };

function newest(a: StateRow | undefined, b: StateRow | undefined): StateRow | undefined {
  if (!a || !b) return a ?? b;
  if (a.switchEpoch !== b.switchEpoch) return a.switchEpoch > b.switchEpoch ? a : b;
  return advance[a.phase] >= advance[b.phase] ? a : b;
}

/** Derives the situation; contradictions are listed, never resolved by guessing. */
export function deriveSituation(sides: Readonly<Record<SideName, SideFacts>>): Situation {
  const { source, target } = sides;
  const writesAccepted = writesAcceptedBy(source, target);
  const row = newest(source.row, target.row);
  const base = { writesAccepted, row, switchEpoch: row?.switchEpoch ?? 0, contradictions: [] as string[] };
  if (!row) return { ...base, kind: 'not started', primary: 'source', direction: 'forward' };

  const decided = source.decision ? 'source' : target.decision ? 'target' : undefined;
  const decision = decided && sides[decided].decision;
  const rows = [source.row, target.row];
  const every = (phase: StateRow['phase']) => rows.every((each) => each?.phase === phase);

  const read = (): Pick<Situation, 'kind' | 'primary' | 'direction'> => {
    if (rows.some((each) => each?.phase === 'finalized'))
      return { kind: 'finalized', primary: row.primary, direction: row.direction };
    if (decided && decision === 'open') {
      const settled = every('steady') && source.row?.primary === target.row?.primary;
      if (settled) return { kind: 'steady', primary: decided, direction: directionFrom(decided) };
      return { kind: 'opening', primary: decided, direction: directionFrom(otherSide(decided)) };
    }
    const underWay = rows.find((each) => each?.phase === 'switching' || each?.phase === 'opening');
    if (underWay)
      return { kind: 'switching', primary: otherSide(sideTo(underWay.direction)), direction: underWay.direction };
    const starting = rows.some((each) => !each || each.phase === 'starting');
    return { kind: starting ? 'starting' : 'steady', primary: row.primary, direction: directionFrom(row.primary) };
  };

  const found = read();
  const contradictions = contradictionsOf(sides, found.kind, found.primary);
  if (source.decision && target.decision)
    contradictions.push(`both sides hold a decision of switch ${row.switchEpoch}`);
  return {
    ...base,
    ...found,
    decision,
    contradictions,
    kind: contradictions.length > 0 ? 'contradictory' : found.kind,
  };
}

/** A gate that disagrees with the state, said with what was seen. */
function contradictionsOf(
  sides: Readonly<Record<SideName, SideFacts>>,
  kind: SituationKind,
  primary: SideName,
): string[] {
  const found: string[] = [];
  const other = otherSide(primary);
  const mustBeFenced = kind !== 'starting' && kind !== 'not started';
  const givenUp = sides[primary].row?.detail.acceptedLoss?.lost === other;
  if (givenUp && isOpen(sides[other]))
    found.push(
      `${other} was given up with an accepted loss and is back: ${sides[other].gate.unlockedAccounts.join(', ')} can log in there, yet ${primary} is primary for good`,
    );
  else if (mustBeFenced && isOpen(sides[other]))
    found.push(
      `${other} accepts writes (${sides[other].gate.unlockedAccounts.join(', ')} can log in) while ${primary} is primary`,
    );
  if (kind === 'steady' && !isOpen(sides[primary]))
    found.push(`${primary} is primary, yet none of its write accounts can log in`);
  const rows = [sides.source.row, sides.target.row];
  if (kind === 'steady' && rows[0] && rows[1] && rows[0].primary !== rows[1].primary)
    found.push(`source says that ${rows[0].primary} is primary, target says ${rows[1].primary}`);
  return found;
}
