/** A place in PostgreSQL's WAL: `XXXXXXXX/XXXXXXXX`, compared as a 64 bit number. */
export function parseLsn(text: string): bigint {
  const match = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/.exec(text.trim());
  if (!match) throw new Error(`"${text}" is not an LSN; write it like 16/B374D848`);
  return (BigInt(`0x${match[1]}`) << 32n) | BigInt(`0x${match[2]}`);
}

/** The text PostgreSQL itself prints, without leading zeros. */
export function formatLsn(lsn: bigint): string {
  return `${(lsn >> 32n).toString(16).toUpperCase()}/${(lsn & 0xffffffffn).toString(16).toUpperCase()}`;
}

/**
 * The start position of a task: a native LSN, or a DMS checkpoint `checkpoint:V1#1#<LSN>#0#0#*#0#0`
 * (User Guide, "Performing replication starting from a CDC start point").
 */
export function parseStartPosition(position: string): string {
  const checkpoint = /^checkpoint:V1#\d+#([0-9A-Fa-f]+\/[0-9A-Fa-f]+)#/.exec(position);
  return formatLsn(parseLsn(checkpoint?.[1] ?? position));
}

/** The form in which DMS reports how far a task got (`RecoveryCheckpoint`). */
export const formatCheckpoint = (lsn: string): string => `checkpoint:V1#1#${lsn}#0#0#*#0#0`;
