/** A place in the binlog, between two events. */
export interface BinlogPosition {
  readonly file: string;
  readonly offset: number;
}

/** `file:offset`, as DMS takes it for a MySQL source. */
export function parseBinlogPosition(text: string): BinlogPosition {
  const match = /^(.+\.\d+):(\d+)$/.exec(text.trim());
  if (!match) throw new Error(`"${text}" is not a binlog position; write it like mysql-bin.000003:1234`);
  return { file: match[1] as string, offset: Number(match[2]) };
}

export const formatBinlogPosition = ({ file, offset }: BinlogPosition): string => `${file}:${offset}`;

/** Negative when `a` comes first. Files are numbered; the number grows beyond its six digits. */
export const compareBinlogPositions = (a: BinlogPosition, b: BinlogPosition): number =>
  numberOf(a.file) - numberOf(b.file) || a.offset - b.offset;

const numberOf = (file: string): number => Number(file.slice(file.lastIndexOf('.') + 1));

/**
 * Where a task reads on. Up to `overlapEnd` what comes may stand on the target already: the rows were read at several
 * moments up to there.
 */
export interface ReadPosition {
  readonly at: BinlogPosition;
  readonly overlapEnd?: BinlogPosition;
}

/** `file:offset`, or `file:offset..file:offset` while the changes overlap the load. */
export function parseReadPosition(text: string): ReadPosition {
  const match = /^(.+:\d+)\.\.(.+:\d+)$/.exec(text.trim());
  if (!match) return { at: parseBinlogPosition(text) };
  return { at: parseBinlogPosition(match[1] as string), overlapEnd: parseBinlogPosition(match[2] as string) };
}

export function formatReadPosition({ at, overlapEnd }: ReadPosition): string {
  const overlaps = overlapEnd !== undefined && compareBinlogPositions(at, overlapEnd) < 0;
  return overlaps ? `${formatBinlogPosition(at)}..${formatBinlogPosition(overlapEnd)}` : formatBinlogPosition(at);
}
