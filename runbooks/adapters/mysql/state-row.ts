import type { StateRow } from '../../ports/control-state';
import type { TextRow } from './engine-text';
import type { MysqlSide } from './mysql-side';
import { whereMissing } from './sql-error';

export async function readStateRow(side: MysqlSide, signal: AbortSignal): Promise<StateRow | undefined> {
  const [row] = await whereMissing<TextRow[]>(
    side.reading.rows(
      'SELECT epoch, primary_side, direction, phase, switch_epoch, detail FROM cutover_local.state WHERE migration = ?',
      [side.migration],
      signal,
    ),
    [],
  );
  return (
    row && {
      epoch: Number(row['epoch']),
      primary: row['primary_side'] as StateRow['primary'],
      direction: row['direction'] as StateRow['direction'],
      phase: row['phase'] as StateRow['phase'],
      switchEpoch: Number(row['switch_epoch']),
      detail: JSON.parse(row['detail'] as string) as StateRow['detail'],
    }
  );
}
