import type { RouteRecord } from '../workload/ledger';
import { type Finding, finding } from './finding';
import { groupBy } from './group';
import type { OperatorWindow } from './phases';
import { type AcceptedBatch, acceptedBatches, type LoggedCall, type RecordSet } from './request-log';

export interface RoutingEvidence {
  calls: LoggedCall[];
  /** The weighted records as they were before the first call. */
  initial: RecordSet[];
  writeRecord: string;
  routes: RouteRecord[];
  windows: OperatorWindow[];
  /** Name of the endpoint that the write record must lead to at the end: the primary's. */
  primaryEndpoint: string;
}

const HOW =
  "the endpoint's log of accepted change batches, replayed: after each, no name's weights sum to zero, the write " +
  "record leads to one endpoint alone, and a batch carries both of a name's records; every batch for the write record " +
  "falls into an operator's run; and the authoritative servers' sampled answers change no oftener than the batches do";

/** I6. */
export function routing(evidence: RoutingEvidence): Finding {
  const violations: string[] = [];
  const write = plain(evidence.writeRecord);
  const state = new Map(evidence.initial.filter(isWeighted).map((record) => [identity(record), record]));
  const batches = acceptedBatches(evidence.calls).filter((batch) =>
    batch.changes.some((change) => isWeighted(change.record)),
  );
  violations.push(...stateViolations(state, write, 'at the start'));
  for (const batch of batches) {
    const when = new Date(batch.at).toISOString();
    violations.push(
      ...apply(batch, state).map((violation) => `${violation} at ${when}`),
      ...stateViolations(state, write, `at ${when}`),
    );
    // The log has whole milliseconds and is written when the call is answered.
    const inRun = evidence.windows.some((window) => batch.at >= window.from - 2 && batch.at <= window.until + 2);
    if (!inRun && batch.changes.some((change) => plain(change.record.Name) === write)) {
      violations.push(`the write record was changed at ${when}, outside every operator's run`);
    }
  }
  const open = openEndpoints(state, write);
  if (!open.includes(plain(evidence.primaryEndpoint))) {
    violations.push(`the write record ends at ${open.join(' and ') || 'nothing'}, not at ${evidence.primaryEndpoint}`);
  }
  const changes = batches.filter((batch) => batch.changes.some((change) => plain(change.record.Name) === write)).length;
  violations.push(...flapping(evidence.routes, changes));
  const samples = evidence.routes.reduce((sum, route) => sum + route.samples, 0);
  return finding(HOW, violations, [
    `${batches.length} accepted batches, ${changes} for the write record, ${samples} sampled answers`,
  ]);
}

function apply(batch: AcceptedBatch, state: Map<string, RecordSet>): string[] {
  const violations: string[] = [];
  for (const { action, record } of batch.changes.filter((change) => isWeighted(change.record))) {
    if (action === 'DELETE') state.delete(identity(record));
    else state.set(identity(record), record);
  }
  const touched = groupBy(
    batch.changes.filter((change) => isWeighted(change.record)),
    (change) => plain(change.record.Name),
  );
  for (const [name, changes] of touched) {
    const standing = [...state.values()].filter((record) => plain(record.Name) === name).length;
    if (changes.length < standing)
      violations.push(`a batch changed ${changes.length} of the ${standing} records of ${name}`);
  }
  return violations;
}

function stateViolations(state: Map<string, RecordSet>, write: string, when: string): string[] {
  const violations: string[] = [];
  for (const [name, records] of groupBy(state.values(), (record) => plain(record.Name))) {
    const open = records.filter((record) => (record.Weight ?? 0) > 0);
    if (open.length === 0)
      violations.push(`all weights of ${name} are zero ${when}: Route 53 then answers with every record`);
    if (name === write && open.length > 1) violations.push(`the weights of the write record ${name} are split ${when}`);
  }
  return violations;
}

function openEndpoints(state: Map<string, RecordSet>, write: string): string[] {
  return [...state.values()]
    .filter((record) => plain(record.Name) === write && (record.Weight ?? 0) > 0)
    .flatMap((record) => (record.ResourceRecords ?? []).map((each) => plain(each.Value)));
}

/** An answer that changes more often than the record did was drawn by chance between two endpoints. */
function flapping(routes: RouteRecord[], changes: number): string[] {
  return [...groupBy(routes, (route) => route.nameServer)]
    .filter(([, runs]) => runs.filter((run, at) => at > 0 && run.answer !== runs[at - 1]?.answer).length > changes)
    .map(
      ([nameServer]) => `${nameServer} changed its answer for the write record more often than the record was changed`,
    );
}

function isWeighted(record: RecordSet): boolean {
  return record.Weight !== undefined && record.SetIdentifier !== undefined;
}

function identity(record: RecordSet): string {
  return `${plain(record.Name)} ${record.Type} ${record.SetIdentifier}`;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
