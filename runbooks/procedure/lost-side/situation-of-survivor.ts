import type { SideName } from '../../../definition/manifest/sections';
import { directionFrom, otherSide, sideTo, type SideFacts, type Situation } from '../situation';

/**
 * What one side alone can say. It does not know a decision that stands on the other side: where it gave its writes away
 * in a switch that it has not heard the end of, the other side may have served.
 */
export function situationOfSurvivor(survivor: SideName, { row, decision, gate }: SideFacts): Situation {
  const isOpen = gate.unlockedAccounts.length > 0;
  const base = {
    lost: otherSide(survivor),
    row,
    decision,
    switchEpoch: row?.switchEpoch ?? 0,
    writesAccepted: isOpen ? survivor : 'nowhere',
    contradictions: [],
  } as const;
  if (!row) return { ...base, kind: 'not started', primary: 'source', direction: 'forward' };
  if (row.phase === 'finalized') return { ...base, kind: 'finalized', primary: row.primary, direction: row.direction };
  if (row.phase === 'starting') return { ...base, kind: 'starting', primary: 'source', direction: 'forward' };
  if (row.phase === 'opening' || (row.phase === 'switching' && decision === 'open'))
    return { ...base, kind: 'opening', primary: survivor, direction: directionFrom(otherSide(survivor)) };
  if (row.phase === 'switching') {
    const given = sideTo(row.direction) !== survivor && !isOpen;
    return { ...base, kind: 'switching', primary: given ? otherSide(survivor) : row.primary, direction: row.direction };
  }
  return { ...base, kind: 'steady', primary: row.primary, direction: directionFrom(row.primary) };
}
