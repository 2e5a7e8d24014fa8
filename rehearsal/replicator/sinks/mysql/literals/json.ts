import { quoteLiteral } from '../../../mysql/quoting';
import { RefusedValueError } from '../../refused-value';

const string = /"(?:[^"\\]|\\.)*"/gs;
const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * JSON for MySQL's own type, which keeps numbers as 64 bit integers or as doubles: a number that is neither would come
 * back as another one. PostgreSQL's jsonb has numbers of any length.
 */
export function jsonLiteral(text: string): string {
  for (const [token] of text.replace(string, '""').matchAll(number)) {
    if (!isHeld(token))
      throw new RefusedValueError(`the number ${token} in a JSON document has more digits than JSON keeps`);
  }
  return quoteLiteral(text);
}

function isHeld(token: string): boolean {
  if (/^-?\d{1,15}$/.test(token)) return true;
  if (/^-?\d+$/.test(token)) {
    const whole = BigInt(token);
    if (whole >= -(2n ** 63n) && whole < 2n ** 64n) return true;
  }
  const double = Number(token);
  return Number.isFinite(double) && normal(String(double)) === normal(token);
}

/** Digits and exponent, so that two spellings of one number are the same text. */
function normal(token: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const trimmed = digits.replace(/0+$/, '');
  if (trimmed === '') return '0';
  return `${sign}${trimmed}e${Number(exponent) - fraction.length + digits.length - trimmed.length}`;
}
