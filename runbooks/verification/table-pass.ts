import { ChunkSize } from './chunk-size';
import type { ComparedTable } from './compared-table';
import { KeyRanges } from './key-ranges';
import type { Difference } from './row-difference';

/** Differing keys that are remembered per table. Beyond, the tables are not copies of each other: counting is enough. */
const rememberedKeys = 100_000;

export interface TablePass {
  rows: number;
  /** Rows that differed when they were read. */
  differences: Difference[];
  /** Rows that differed beyond those that are remembered. */
  uncounted: number;
}

/** Reads every row of a table once on both sides. Two chunks are under way at once, so that no side waits for the other. */
export async function passOverTable(
  table: ComparedTable,
  onRows: (rows: number, differing: number) => void,
  signal: AbortSignal,
): Promise<TablePass> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const size = new ChunkSize(table.bytewise);
  const { lane, statements } = table.sides.primary;
  const ranges = new KeyRanges({ lane, statements, columns: table.keyColumns, size: () => size.rows, signal: either });
  const pass: TablePass = { rows: 0, differences: [], uncounted: 0 };

  const work = async () => {
    for (let range = await ranges.next(); range; range = await ranges.next()) {
      const chunk = await table.compareRange(range, either);
      size.observe(chunk);
      pass.rows += chunk.rows;
      const room = rememberedKeys - pass.differences.length;
      pass.differences.push(...chunk.differences.slice(0, room));
      pass.uncounted += Math.max(0, chunk.differences.length - room);
      onRows(chunk.rows, chunk.differences.length);
    }
  };
  const workers = [work(), work()];
  try {
    await Promise.all(workers);
  } catch (error) {
    stop.abort(error);
    await Promise.allSettled(workers);
    throw error;
  }
  return pass;
}
