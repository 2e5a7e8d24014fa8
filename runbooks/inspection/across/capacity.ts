/** Which values a column can hold. Two columns of any engines are compared by what each of them holds. */
export type Capacity =
  | { readonly kind: 'integer'; readonly least: bigint; readonly most: bigint; readonly orZero?: true }
  | { readonly kind: 'decimal'; readonly digits?: number; readonly scale?: number; readonly unsigned?: boolean }
  | {
      readonly kind: 'float';
      readonly bits: 24 | 53;
      readonly unsigned?: boolean;
      /** MySQL's FLOAT(M,D): digits in all and behind the point; what has more is rounded. */
      readonly rounded?: { readonly digits: number; readonly scale: number };
    }
  | {
      readonly kind: 'text';
      readonly characters?: number;
      readonly bytes?: number;
      readonly characterSet?: string;
      /** Trailing spaces are lost (MySQL), or do not count (PostgreSQL). */
      readonly padded?: boolean;
    }
  | { readonly kind: 'labels'; readonly labels: readonly string[] }
  | { readonly kind: 'set'; readonly labels: readonly string[] }
  | { readonly kind: 'bytes'; readonly most?: number; readonly exactly?: boolean }
  | { readonly kind: 'bits'; readonly length?: number; readonly exactly?: boolean }
  | {
      readonly kind: 'moment';
      readonly of: 'date' | 'timestamp';
      /** ISO; absent: PostgreSQL's own range with its infinities. */
      readonly from?: string;
      readonly to?: string;
      /** Of the second. */
      readonly digits: number;
    }
  | { readonly kind: 'time'; readonly digits: number }
  | { readonly kind: 'address'; readonly version?: 4 | 6 }
  | { readonly kind: 'boolean' | 'uuid' | 'json' | 'other' };

const largest = (bits: number): bigint => 2n ** BigInt(bits) - 1n;

/** Whole numbers of `bits`, signed or not. */
export const wholeNumbers = (bits: number, unsigned: boolean): Capacity =>
  unsigned
    ? { kind: 'integer', least: 0n, most: largest(bits) }
    : { kind: 'integer', least: -largest(bits - 1) - 1n, most: largest(bits - 1) };

/**
 * Why `into` does not hold every value of `from`, as words; undefined where it does. Kinds that the type table pairs and
 * that are not compared here hold the same values.
 */
export function tooNarrow(from: Capacity, into: Capacity): string | undefined {
  if (from.kind === 'integer' && into.kind === 'integer') {
    if (into.least <= from.least && from.most <= into.most) return undefined;
    return `holds ${into.least} to ${into.most}, not ${from.least} to ${from.most}`;
  }
  if (from.kind === 'decimal' && into.kind === 'integer') {
    if ((from.scale ?? 0) > 0) return 'keeps no digits behind the point';
    const most = String(into.most).length - 1;
    return (from.digits ?? Infinity) > most ? `has ${most} digits, not ${from.digits ?? 'any number'}` : undefined;
  }
  if (into.kind === 'decimal') return narrowDecimal(from, into);
  if (from.kind === 'float' && into.kind === 'float' && into.bits < from.bits) return 'has fewer digits';
  if (into.kind === 'text') return narrowText(from, into);
  if (into.kind === 'labels') {
    if (from.kind !== 'labels') return undefined;
    const missing = from.labels.filter((label) => !into.labels.includes(label));
    return missing.length > 0 ? `lacks the labels ${missing.map((label) => `'${label}'`).join(', ')}` : undefined;
  }
  if (from.kind === 'bytes' && into.kind === 'bytes')
    return into.most !== undefined && (from.most ?? Infinity) > into.most ? `holds ${into.most} bytes` : undefined;
  if (from.kind === 'bits' && into.kind === 'bits')
    return (into.length ?? Infinity) < (from.length ?? 1) || (into.exactly && into.length !== from.length)
      ? `holds ${into.length} bits, not ${from.length}`
      : undefined;
  if ((from.kind === 'moment' || from.kind === 'time') && (into.kind === 'moment' || into.kind === 'time'))
    return into.digits < from.digits ? `keeps ${into.digits} digits of the second, not ${from.digits}` : undefined;
  return undefined;
}

function narrowDecimal(from: Capacity, { digits, scale = 0 }: Extract<Capacity, { kind: 'decimal' }>) {
  if (digits === undefined) return undefined;
  if (from.kind === 'integer') {
    const longest = Math.max(...[from.least, from.most].map((one) => String(one).replace('-', '').length));
    return digits - scale < longest ? `has ${digits - scale} digits before the point, not ${longest}` : undefined;
  }
  if (from.kind !== 'decimal' || from.digits === undefined) return undefined;
  const [before, wanted] = [digits - scale, from.digits - (from.scale ?? 0)];
  if (before < wanted) return `has ${before} digits before the point, not ${wanted}`;
  return scale < (from.scale ?? 0) ? `has ${scale} digits behind the point, not ${from.scale}` : undefined;
}

function narrowText(from: Capacity, { characters, bytes }: Extract<Capacity, { kind: 'text' }>): string | undefined {
  const longest = longestText(from);
  if (characters !== undefined && longest > characters) return `holds ${characters} characters, not ${longest}`;
  if (bytes !== undefined && longest > bytes) return `holds ${bytes} bytes`;
  return undefined;
}

/** Characters at most. */
function longestText(of: Capacity): number {
  if (of.kind === 'text') return of.characters ?? of.bytes ?? Infinity;
  if (of.kind === 'labels') return Math.max(0, ...of.labels.map((label) => [...label].length));
  if (of.kind === 'set') return of.labels.reduce((sum, label) => sum + [...label].length + 1, -1);
  return 0;
}
