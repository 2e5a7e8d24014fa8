import type { Side } from '../workload/configuration';
import type { TransactionRecord } from '../workload/ledger';
import { type Finding, finding, notExercised } from './finding';
import { groupBy } from './group';
import type { LedgerView } from './ledger-view';
import type { OperatorWindow } from './phases';

interface PauseFigures {
  p50: number;
  p99: number;
  max: number;
  /** Milliseconds by client; Infinity for a client that never wrote again. */
  perClient: Record<string, number>;
}

/** How an operator's run looked to the clients. */
export interface Switch {
  verb: string;
  /** Forward is towards the target. An unwound run leads back to where it began. */
  direction: 'forward' | 'reverse' | 'unwound';
  from: number;
  until: number;
  writePauseMilliseconds: PauseFigures;
  /** From the first client's first write after the pause to the middle client's. */
  reconnectMilliseconds: number;
}

const HOW =
  "each client's time between its last acknowledged write (or the first attempt that was cut off) and its next " +
  'acknowledged write, for every run that changed or tried to change the primary';

interface Gap {
  client: string;
  from: number;
  until: number;
  before: Side;
  after: Side;
}

/** The pauses of each operator's run in which clients lost their connection or their side. */
export function switchesOf(ledger: LedgerView, windows: OperatorWindow[]): Switch[] {
  const gaps = clientGaps(ledger);
  return windows.flatMap((window) => {
    const during = gaps.filter((gap) => gap.from <= window.until && gap.until >= window.from);
    if (during.length === 0) return [];
    const perClient: Record<string, number> = {};
    for (const gap of during) {
      perClient[gap.client] = Math.max(perClient[gap.client] ?? 0, Math.round(gap.until - gap.from));
    }
    const moved = during.find((gap) => gap.before !== gap.after);
    const direction = moved === undefined ? 'unwound' : moved.after === 'target' ? 'forward' : 'reverse';
    const pauses = { ...figures(Object.values(perClient)), perClient };
    const back = figures(during.map((gap) => gap.until));
    const reconnectMilliseconds = Math.round(back.p50 - Math.min(...during.map((gap) => gap.until)));
    return [{ ...window, direction, writePauseMilliseconds: pauses, reconnectMilliseconds }];
  });
}

/** Times in which a client could not write: they hold a lost connection, a cut transaction or a change of side. */
function clientGaps(ledger: LedgerView): Gap[] {
  const breaks = groupBy(ledger.breaks, (each) => each.client);
  const byClient = groupBy(ledger.transactions, (each) => each.client);
  // The queue's consumer is paused by declared commands: its rest is no pause of a client.
  byClient.delete('consumer');
  return [...byClient].flatMap(([client, records]) =>
    gapsOf(
      client,
      records,
      (breaks.get(client) ?? []).map((each) => each.at),
    ),
  );
}

function gapsOf(client: string, records: TransactionRecord[], breaks: number[]): Gap[] {
  const gaps: Gap[] = [];
  let last: TransactionRecord | undefined;
  let cut: TransactionRecord | undefined;
  for (const record of records) {
    if (record.outcome !== 'ok') cut ??= record;
    else {
      const broken =
        last && (last.side !== record.side || breaks.some((at) => at >= last!.ended && at <= record.ended));
      if (last && broken)
        gaps.push({ client, from: beginning(last, cut), until: record.ended, before: last.side, after: record.side });
      [last, cut] = [record, undefined];
    }
  }
  const lost = last && breaks.find((at) => at >= last.ended);
  if (last && lost !== undefined)
    gaps.push({ client, from: beginning(last, cut), until: Infinity, before: last.side, after: last.side });
  return gaps;
}

/** What a client held open by its own choice before it was cut off is not part of the pause. */
function beginning(last: TransactionRecord, cut: TransactionRecord | undefined): number {
  return cut === undefined ? last.ended : Math.max(last.ended, cut.invoked + (cut.heldMilliseconds ?? 0));
}

function figures(values: number[]): Omit<PauseFigures, 'perClient'> {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** I11. */
export function pausesWithinBudget(switches: Switch[], budgetMilliseconds: number, openAtEnd: Side[]): Finding {
  if (switches.length === 0 && openAtEnd.length > 0) return notExercised(HOW);
  const violations = switches.flatMap(({ verb, writePauseMilliseconds: { perClient } }) =>
    Object.entries(perClient)
      .filter(([, milliseconds]) => milliseconds > budgetMilliseconds)
      .map(([client, milliseconds]) =>
        Number.isFinite(milliseconds)
          ? `${client} could not write for ${milliseconds} ms during ${verb}; allowed are ${budgetMilliseconds} ms`
          : `${client} never wrote again after ${verb}`,
      ),
  );
  if (openAtEnd.length === 0) violations.push('at the end no side lets the write accounts log in');
  const evidence = switches.map(
    ({ verb, direction, writePauseMilliseconds: { p50, p99, max } }) =>
      `${verb} (${direction}): p50 ${p50} ms, p99 ${p99} ms, longest ${max} ms of ${budgetMilliseconds} ms`,
  );
  return finding(HOW, violations, evidence);
}

/**
 * The fewest acknowledged writes in any whole second from the first to the last write, apart from the seconds that touch
 * a pause. Undefined where there is no such second.
 */
export function quietestSecond(
  ledger: LedgerView,
  switches: Switch[],
): { at: number; acknowledged: number } | undefined {
  const perSecond = new Map<number, number>();
  for (const { outcome, ended } of ledger.transactions) {
    const second = Math.floor(ended / 1000);
    if (outcome === 'ok') perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  const pauses = clientGaps(ledger).filter((gap) =>
    switches.some((each) => gap.from <= each.until && gap.until >= each.from),
  );
  const seconds = [...perSecond.keys()].sort((one, other) => one - other);
  let quietest: { at: number; acknowledged: number } | undefined;
  // The first and the last second are not whole.
  for (let second = (seconds[0] ?? 0) + 1; second < (seconds[seconds.length - 1] ?? 0); second++) {
    const paused = pauses.some((gap) => gap.from < (second + 1) * 1000 && gap.until >= second * 1000);
    const acknowledged = perSecond.get(second) ?? 0;
    if (!paused && acknowledged < (quietest?.acknowledged ?? Infinity)) quietest = { at: second * 1000, acknowledged };
  }
  return quietest;
}
