import type { TransactionRecord } from './ledger';

/** Counts of one whole second, as the process prints them. */
export interface SecondStatistics {
  acknowledged: number;
  failed: number;
  ambiguous: number;
  /** Statements that the schema's rules refused; part of `failed`. */
  refused: number;
  reads: number;
}

/** Counts what the clients do, per second and in all. */
export class Statistics {
  readonly total: SecondStatistics = nothing();
  private second: SecondStatistics = nothing();

  transaction(record: TransactionRecord, refused: boolean): void {
    const outcome = record.outcome === 'ok' ? 'acknowledged' : record.outcome;
    this.count(outcome);
    if (refused) this.count('refused');
  }

  read(): void {
    this.count('reads');
  }

  /** What was counted since the last call. */
  takeSecond(): SecondStatistics {
    const taken = this.second;
    this.second = nothing();
    return taken;
  }

  private count(name: keyof SecondStatistics): void {
    this.second[name]++;
    this.total[name]++;
  }
}

function nothing(): SecondStatistics {
  return { acknowledged: 0, failed: 0, ambiguous: 0, refused: 0, reads: 0 };
}
