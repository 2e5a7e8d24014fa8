import type { Side } from '../workload/configuration';
import { committedAt } from './committed-at';
import type { EngineFacts } from './engine-facts';
import { entryName, type LedgerView } from './ledger-view';

/** The time in which one run of an operator could change which side is primary; epoch milliseconds. */
export interface OperatorWindow {
  verb: string;
  from: number;
  until: number;
}

/** One application write, at the instant at which its engine committed it. */
export interface Commit {
  at: number;
  side: Side;
  who: string;
}

/** A stretch of time in which one side took the application's writes. */
export interface Phase {
  side: Side;
  first: Commit;
  last: Commit;
}

export interface Phases {
  phases: Phase[];
  /** Commits on a side that was not primary then. */
  strays: Commit[];
  /** Whether the last run changed the primary: one that was unwound may have prepared a side that did not open. */
  endsWithChange: boolean;
}

/** Every write of clients, consumer and probes that an engine committed, in the order of the commits. */
export function applicationCommits(ledger: LedgerView, facts: EngineFacts): Commit[] {
  const commits: Commit[] = [];
  for (const each of ledger.transactions) {
    const at = committedAt(facts, each);
    if (at !== undefined) commits.push({ at, side: each.side, who: entryName(each) });
  }
  for (const side of ['source', 'target'] as const) {
    for (const at of facts[side].probes) commits.push({ at, side, who: 'probe' });
    for (const at of facts[side].proofs) commits.push({ at, side, who: "the operator's proof" });
  }
  return commits.sort((one, other) => one.at - other.at);
}

/**
 * Divides the commits into phases. Between operators' runs one side is primary: the one with most commits. During a run
 * the primary may change once, with the first commit on the side that is primary afterwards; whatever the old side
 * commits after that instant is a stray. Where the next run follows before any write, the last write says which side is
 * primary after a run.
 */
export function phasesOf(commits: Commit[], windows: OperatorWindow[]): Phases {
  const strays: Commit[] = [];
  const kept: Commit[] = [];
  const { rests, moves } = divide(commits, windows);
  let side = sideOf(rests[0] ?? []) ?? moves.flat()[0]?.side ?? 'source';
  sort(rests[0] ?? [], (commit) => commit.side === side, kept, strays);
  let endsWithChange = false;
  moves.forEach((move, place) => {
    const rest = rests[place + 1] ?? [];
    const before = side;
    const after = sideOf(rest) ?? move.at(-1)?.side ?? before;
    const opened = before === after ? Infinity : (move.find((commit) => commit.side === after)?.at ?? Infinity);
    sort(move, (commit) => commit.side === (commit.at < opened ? before : after), kept, strays);
    sort(rest, (commit) => commit.side === after, kept, strays);
    endsWithChange = before !== after;
    side = after;
  });
  return { phases: join(kept), strays, endsWithChange };
}

/** Commits before, between and after the operators' runs, and those during each run. */
function divide(commits: Commit[], windows: OperatorWindow[]): { rests: Commit[][]; moves: Commit[][] } {
  const rests: Commit[][] = [];
  const moves: Commit[][] = [];
  let left = commits;
  for (const { from, until } of [...windows].sort((one, other) => one.from - other.from)) {
    rests.push(left.filter((commit) => commit.at < from));
    moves.push(left.filter((commit) => commit.at >= from && commit.at <= until));
    left = left.filter((commit) => commit.at > until && commit.at >= from);
  }
  return { rests: [...rests, left], moves };
}

/** The side of most of the commits, if there are any. */
function sideOf(commits: Commit[]): Side | undefined {
  if (commits.length === 0) return undefined;
  const source = commits.filter((commit) => commit.side === 'source').length;
  return source * 2 >= commits.length ? 'source' : 'target';
}

function sort(commits: Commit[], belongs: (commit: Commit) => boolean, kept: Commit[], strays: Commit[]): void {
  for (const commit of commits) (belongs(commit) ? kept : strays).push(commit);
}

function join(commits: Commit[]): Phase[] {
  const phases: Phase[] = [];
  for (const commit of commits) {
    const current = phases[phases.length - 1];
    if (current?.side === commit.side) current.last = commit;
    else phases.push({ side: commit.side, first: commit, last: commit });
  }
  return phases;
}
