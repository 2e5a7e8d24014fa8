import type { SlotReading } from '../../ports/slots';
import { binlogFiles, positionText, type BinlogStatus } from './binlog';
import type { EffectConnection } from './effect-connection';
import type { MysqlSide } from './mysql-side';

export interface RememberedPosition {
  readonly name: string;
  readonly file: string;
  readonly offset: bigint;
  readonly gtid: string;
  /** Of the feed of changed keys: since when it holds every change. */
  readonly openedAtMilliseconds: number | undefined;
}

/** A position is not kept by remembering it: the server purges its file when its retention is over. */
export async function rememberedPositions(side: MysqlSide, signal: AbortSignal): Promise<RememberedPosition[]> {
  const sql = 'SELECT * FROM cutover_local.log_position ORDER BY name';
  return (await side.reading.rowsIfMade(sql, [], signal)).map((row) => ({
    name: row['name'] as string,
    file: row['file'] as string,
    offset: BigInt(row['position'] as string),
    gtid: row['gtid'] ?? '',
    openedAtMilliseconds: row['opened_at_milliseconds'] == null ? undefined : Number(row['opened_at_milliseconds']),
  }));
}

/** As the port says of a slot: `lost` once the file is gone. */
export async function slotReadings(side: MysqlSide, signal: AbortSignal): Promise<SlotReading[]> {
  const positions = await rememberedPositions(side, signal);
  if (positions.length === 0) return [];
  const files = await binlogFiles(side, signal);
  return positions.map((position) => {
    const at = files.findIndex(({ file }) => file === position.file);
    const isLost = at < 0 || position.offset > (files[at]?.bytes ?? 0n);
    const behind = files.slice(Math.max(at, 0)).reduce((sum, { bytes }) => sum + bytes, 0n);
    return {
      name: position.name,
      active: false,
      confirmedPosition: positionText(position),
      ...(position.gtid === '' ? {} : { gtid: position.gtid }),
      retention: isLost ? 'lost' : 'reserved',
      retainedBytes: isLost ? 0 : Number(behind - position.offset),
    };
  });
}

/** Remembers a position in place of one of that name. */
export async function remember(
  effects: EffectConnection,
  name: string,
  { file, offset, gtid }: Pick<BinlogStatus, 'file' | 'offset' | 'gtid'>,
  signal: AbortSignal,
  openedAtMilliseconds?: number,
): Promise<void> {
  await effects.transaction(signal, (statement) =>
    statement(
      `REPLACE INTO cutover_local.log_position (name, file, position, gtid, opened_at_milliseconds, epoch)
         VALUES (?, ?, ?, ?, ?, ?)`,
      [name, file, offset, gtid, openedAtMilliseconds ?? null, effects.adoptedEpoch],
    ),
  );
}

export const forget = (effects: EffectConnection, name: string, signal: AbortSignal): Promise<unknown> =>
  effects.transaction(signal, (statement) =>
    statement('DELETE FROM cutover_local.log_position WHERE name = ?', [name]),
  );
