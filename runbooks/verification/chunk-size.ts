const aimMilliseconds = 500;
const aimBytes = 4 * 1024 * 1024;
const smallest = 500;
const largest = 500_000;

/** Rows per chunk, so that one statement takes about half a second: short enough to stop, to retry and to spare vacuum. */
export class ChunkSize {
  rows: number;
  private readonly fixed: boolean;

  /** `fixed`: every statement reads the whole table anyway, so that smaller chunks would only mean more readings. */
  constructor(fixed: boolean) {
    this.fixed = fixed;
    this.rows = fixed ? largest : 5000;
  }

  /** Learns from the slower side of one chunk, and from the bytes that were fetched of it. */
  observe({ rows, milliseconds, bytes }: { rows: number; milliseconds: number; bytes: number }): void {
    if (this.fixed || rows === 0) return;
    const inTime = (rows * aimMilliseconds) / Math.max(milliseconds, 1);
    const wanted = Math.min(inTime, (rows * aimBytes) / Math.max(bytes, 1));
    const next = Math.min(wanted, this.rows * 4, largest);
    this.rows = Math.max(smallest, Math.round(next));
  }
}
