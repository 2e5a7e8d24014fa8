import {
  type BaselineRecord,
  type BreakRecord,
  type GateRecord,
  type ProbeRecord,
  readLedger,
  type RouteRecord,
  type TransactionRecord,
} from '../workload/ledger';

/** The ledger's records by their kind, in the order in which they were written. */
export interface LedgerView {
  transactions: TransactionRecord[];
  probes: ProbeRecord[];
  gates: GateRecord[];
  routes: RouteRecord[];
  breaks: BreakRecord[];
  baseline: BaselineRecord['generated'];
}

export function emptyLedger(): LedgerView {
  return { transactions: [], probes: [], gates: [], routes: [], breaks: [], baseline: [] };
}

export async function loadLedger(path: string): Promise<LedgerView> {
  const view = emptyLedger();
  for await (const record of readLedger(path)) {
    if (record.kind === 'transaction') view.transactions.push(record);
    else if (record.kind === 'probe') view.probes.push(record);
    else if (record.kind === 'gate') view.gates.push(record);
    else if (record.kind === 'route') view.routes.push(record);
    else if (record.kind === 'break') view.breaks.push(record);
    else view.baseline.push(...record.generated);
  }
  return view;
}

/** Names a transaction as its entry does. */
export function entryName({ client, sequence }: { client: string; sequence: number }): string {
  return `${client} #${sequence}`;
}
