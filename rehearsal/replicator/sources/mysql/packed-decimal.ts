/** Bytes that so many decimal digits take. */
const bytesOfDigits = [0, 1, 1, 2, 2, 3, 3, 4, 4, 4];

/**
 * A DECIMAL as MySQL packs it (strings/decimal.cc, decimal2bin): nine digits in four bytes from the point outwards, the
 * first bit flipped, all bits flipped for negative numbers.
 */
export function decimalText(packed: Buffer, precision: number, scale: number): string {
  const bytes = Buffer.from(packed);
  const negative = ((bytes[0] as number) & 0x80) === 0;
  bytes[0] = (bytes[0] as number) ^ 0x80;
  if (negative) for (const [index, byte] of bytes.entries()) bytes[index] = byte ^ 0xff;
  let at = 0;
  const take = (digits: number): string => {
    const length = bytesOfDigits[digits] as number;
    at += length;
    return length === 0 ? '' : String(bytes.readUIntBE(at - length, length)).padStart(digits, '0');
  };
  const whole = precision - scale;
  let integer = take(whole % 9);
  for (let left = Math.floor(whole / 9); left > 0; left--) integer += take(9);
  let fraction = '';
  for (let left = Math.floor(scale / 9); left > 0; left--) fraction += take(9);
  fraction += take(scale % 9);
  const digits = integer.replace(/^0+(?=\d)/, '') || '0';
  return `${negative ? '-' : ''}${digits}${fraction && `.${fraction}`}`;
}
