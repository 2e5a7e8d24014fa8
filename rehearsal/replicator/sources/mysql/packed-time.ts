const pad = (value: bigint, length = 2): string => String(value).padStart(length, '0');

/** A date and time in one number, as MySQL keeps it inside JSON (mysys/my_time.cc, TIME_from_longlong_datetime_packed). */
export function packedTimeText(packed: bigint, kind: 'datetime' | 'time'): string {
  const negative = packed < 0n;
  const magnitude = negative ? -packed : packed;
  const micros = magnitude & 0xffffffn;
  const rest = magnitude >> 24n;
  if (kind === 'time') return `${negative ? '-' : ''}${clock(rest & 0x3ffffn, 10n)}.${pad(micros, 6)}`;
  return `${day(rest)} ${clock(rest & 0x1ffffn, 5n)}.${pad(micros, 6)}`;
}

export const packedDateText = (packed: bigint): string => day(packed >> 24n);

/** Five bits of the day above seventeen of the time; year and month as one number. */
function day(rest: bigint): string {
  const yearMonth = rest >> 22n;
  return `${pad(yearMonth / 13n, 4)}-${pad(yearMonth % 13n)}-${pad((rest >> 17n) & 0x1fn)}`;
}

const clock = (bits: bigint, hourBits: bigint): string =>
  `${pad((bits >> 12n) & ((1n << hourBits) - 1n))}:${pad((bits >> 6n) & 0x3fn)}:${pad(bits & 0x3fn)}`;
