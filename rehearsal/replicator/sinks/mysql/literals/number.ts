import { RefusedValueError } from '../../refused-value';
import type { TargetColumn } from '../target-table';

/** Bits as PostgreSQL writes them, read as a number. */
export const numberFromBits = (digits: string): string => BigInt(`0b${digits || '0'}`).toString();

/** Digits for an integer column. The server rounds a fraction; whether the number is in range it says itself. */
export function integerLiteral(text: string): string {
  const [, digits] = /^(-?\d+)(?:\.0+)?$/.exec(text) ?? [];
  if (digits === undefined) throw new RefusedValueError(`"${text}" is no whole number`);
  return digits;
}

/** The server reads one and two digits as years of this and the last century. */
export function yearLiteral(text: string): string {
  const digits = integerLiteral(text);
  const year = Number(digits);
  if (year !== 0 && (year < 1901 || year > 2155))
    throw new RefusedValueError(`the year ${digits} is not 0 or 1901 to 2155`);
  return digits;
}

/** Digits for a DECIMAL column. The server rounds a fraction that is too long. */
export function decimalLiteral(text: string, { precision = 65, scale = 0 }: TargetColumn): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)0*(\d+?)(?:\.(\d*?)0*)?$/.exec(text) ?? [];
  if (whole === '') throw new RefusedValueError(`"${text}" is no decimal number`);
  if (fraction.length > scale) throw new RefusedValueError(`"${text}" has more than ${scale} digits after the point`);
  if ((whole === '0' ? 0 : whole.length) > precision - scale) {
    throw new RefusedValueError(`"${text}" has more than ${precision - scale} digits before the point`);
  }
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/**
 * A floating-point number as a string, which keeps the sign of zero. A FLOAT holds what a `float4` of the source printed:
 * the shortest text that reads back as the same float; of anything else what it holds exactly or prints like that.
 */
export function floatLiteral(text: string, column: TargetColumn, fromSingle: boolean): string {
  const double = Number(text);
  if (!/^-?\d/.test(text) || !Number.isFinite(double)) throw new RefusedValueError(`"${text}" is no finite number`);
  const held = column.dataType === 'float' ? Math.fround(double) : double;
  const isHeld = held === double || fromSingle || shortestSingle(held) === double;
  if (!Number.isFinite(held) || !isHeld) {
    throw new RefusedValueError(`"${text}" is not held exactly by ${column.columnType}`);
  }
  // FLOAT(M,D) rounds.
  const rounded = Number(held.toFixed(Math.min(column.scale ?? 100, 100)));
  if (column.scale !== undefined && (column.dataType === 'float' ? Math.fround(rounded) : rounded) !== held) {
    throw new RefusedValueError(`"${text}" has more digits than ${column.columnType} keeps`);
  }
  return `'${Object.is(held, -0) ? '-0' : held}'`;
}

/** The number of fewest digits that reads back as this float. */
function shortestSingle(held: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const shorter = Number(held.toPrecision(digits));
    if (Math.fround(shorter) === held) return shorter;
  }
  return held;
}

/** Digits for a BIT column: of bits as many as it has, or a number of that many bits. */
export function bitLiteral(text: string, { precision, columnType }: TargetColumn, fromBits: boolean): string {
  const length = precision ?? Number(/\((\d+)\)/.exec(columnType)?.[1] ?? 1);
  if (fromBits && text.length !== length) throw new RefusedValueError(`${text.length} bits do not fill ${columnType}`);
  if (fromBits) return `b'${text}'`;
  const digits = integerLiteral(text);
  if (digits.startsWith('-')) throw new RefusedValueError(`${text} is negative and ${columnType} is not`);
  const bits = BigInt(digits).toString(2);
  if (bits.length > length)
    throw new RefusedValueError(`${text} needs more than the ${length} bits of ${columnType}`, true);
  return `b'${bits}'`;
}
