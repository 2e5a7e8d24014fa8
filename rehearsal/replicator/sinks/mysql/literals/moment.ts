import { RefusedValueError } from '../../refused-value';
import type { TargetColumn } from '../target-table';

const date = String.raw`\d{4}-\d\d-\d\d`;
const clock = String.raw`\d\d:\d\d:\d\d`;

/** `infinity`, years before 1 and beyond 9999 have no counterpart. */
export function dateLiteral(text: string): string {
  if (!new RegExp(`^${date}$`).test(text)) throw new RefusedValueError(`"${text}" is no date from 0001 to 9999`);
  return `'${text}'`;
}

/** The source's session is in UTC, and so is ours: an offset is always zero. */
export function momentLiteral(text: string, column: TargetColumn): string {
  const [, day, time = '00:00:00', fraction = ''] =
    new RegExp(String.raw`^(${date})(?: (${clock})(?:\.(\d+))?(?:\+00)?)?$`).exec(text) ?? [];
  if (day === undefined) throw new RefusedValueError(`"${text}" is no moment from 0001 to 9999`);
  return `'${day} ${time}${fractionFor(text, fraction, column)}'`;
}

/** Also a duration that came as text; beyond 838 hours the server refuses it. */
export function timeLiteral(text: string, column: TargetColumn): string {
  const [, time, fraction = ''] = /^(-?\d{2,3}:\d\d:\d\d)(?:\.(\d+))?$/.exec(text) ?? [];
  if (time === undefined) throw new RefusedValueError(`"${text}" is no time of day without an offset`);
  return `'${time}${fractionFor(text, fraction, column)}'`;
}

/** The server rounds what is finer than the column. */
function fractionFor(text: string, fraction: string, column: TargetColumn): string {
  const digits = fraction.replace(/0+$/, '');
  if (digits.length > column.fraction) {
    throw new RefusedValueError(`"${text}" is finer than the ${column.fraction} digits of ${column.columnType}`);
  }
  return digits === '' ? '' : `.${digits}`;
}
