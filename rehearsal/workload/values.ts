import type { Column } from './catalogue';
import type { Random } from './random';

/** Texts that break what forgets to escape, to normalise or to count characters rather than bytes. */
const WORDS = [
  'plain', 'Zoë', '王小明', 'محمد', 'Łódź', '👩‍👩‍👧', '𝒳', "O'Brien", 'say "hi"', 'back\\slash', 'tab\there', 'two\nlines',
  '', ' padded ', 'NULL', '\\N', '{a,b}', '%s', 'e\u0301', 'ＡＢＣ', '\u200b', '$1', '--', 'İı', 'ß',
]; // prettier-ignore
const PLAIN_WORDS = WORDS.filter((word) => /^[\x20-\x7e]*$/.test(word));

/** A new value of the column's type as PostgreSQL reads it from text, or undefined for a type not known here. */
export function freshValue(column: Column, random: Random): string | undefined {
  if (column.labels !== null && column.element === null) return random.pick(column.labels);
  if (column.element !== null) return freshArray(column, random);
  return freshScalar(column, column.base, random);
}

function freshScalar(column: Column, base: string, random: Random): string | undefined {
  switch (base) {
    case 'bool':
      return random.pick(['true', 'false']);
    case 'int2':
      return String(random.integer(1, 32767));
    case 'int4':
      return String(random.integer(1, 2147483647));
    case 'int8':
      return column.range
        ? within(column.range, random)
        : String(random.integer(1, 900719925474099)) + random.digits(1);
    case 'float4':
      return String(Math.fround(random.fraction() * 1e6));
    case 'float8':
      return String(random.fraction() * 10 ** random.integer(-12, 12));
    case 'numeric':
      return freshNumeric(column, random);
    case 'money':
      return `${random.integer(0, 99999)}.${random.digits(2)}`;
    case 'text':
    case 'varchar':
    case 'bpchar':
    case 'name':
      return freshText(column.maxLength ?? (base === 'name' ? 20 : 60), random, column.ascii ? PLAIN_WORDS : WORDS);
    case 'bytea':
      return `\\x${random.hex(2 * freshLength(column, random))}`;
    case 'bit':
      return Array.from({ length: column.maxLength ?? 1 }, () => random.integer(0, 1)).join('');
    case 'uuid':
      return freshUuid(random);
    case 'json':
    case 'jsonb':
      return JSON.stringify(freshDocument(random));
    case 'date':
      return freshInstant(random).slice(0, 10);
    case 'timestamp':
      return freshInstant(random, column.until2037 ? 2037 : 2060);
    case 'timestamptz':
      return `${freshInstant(random)}+00`;
    case 'time':
      return freshInstant(random).slice(11);
    case 'interval':
      return `${random.integer(0, 400)} days ${random.integer(0, 86399)}.${random.digits(6)} seconds`;
    case 'inet':
      return `10.${random.integer(0, 255)}.${random.integer(0, 255)}.${random.integer(1, 254)}`;
    default:
      return undefined;
  }
}

function freshNumeric({ precision, scale }: Column, random: Random): string {
  const fraction = precision === null ? random.integer(0, 12) : (scale ?? 0);
  const whole = precision === null ? random.integer(1, 24) : Math.max(precision - fraction, 0);
  const wholeDigits = whole === 0 ? '0' : random.digits(random.integer(1, Math.min(whole, 24)));
  return fraction === 0 ? wholeDigits : `${wholeDigits}.${random.digits(fraction)}`;
}

/** Up to 48 bytes; as many as there must be where the engine would fill up the rest. */
function freshLength({ maxLength, padded }: Column, random: Random): number {
  return padded ? (maxLength ?? 1) : random.integer(0, Math.min(maxLength ?? 48, 48));
}

/** Above zero where that may be. */
function within([from, to]: [string, string], random: Random): string {
  const low = BigInt(from) < 1n && BigInt(to) >= 1n ? 1n : BigInt(from);
  const room = BigInt(to) - low + 1n;
  return String(low + (room > 1_000_000_000_000n ? BigInt(random.digits(12)) : BigInt(random.digits(14)) % room));
}

function freshText(maxLength: number, random: Random, vocabulary: readonly string[]): string {
  const words = Array.from({ length: random.integer(1, 5) }, () => random.pick(vocabulary));
  // Counted in code points, as PostgreSQL counts characters.
  return [...words.join(' ')].slice(0, maxLength).join('');
}

function freshUuid(random: Random): string {
  return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`;
}

function freshDocument(random: Random): unknown {
  return {
    word: random.pick(WORDS),
    number: random.integer(-1000, 1000) / 8,
    list: [random.chance(0.5), null, random.pick(WORDS)],
    [random.pick(WORDS)]: { deep: random.hex(6) },
  };
}

function freshInstant(random: Random, lastYear = 2060): string {
  const at = new Date(Date.UTC(random.integer(1990, lastYear), random.integer(0, 11), random.integer(1, 28)));
  at.setUTCSeconds(random.integer(0, 86399));
  return `${at.toISOString().slice(0, 19)}.${random.digits(6)}`;
}

function freshArray(column: Column, random: Random): string | undefined {
  const elements: string[] = [];
  for (let count = random.integer(0, 3); count > 0; count--) {
    const value =
      column.labels === null ? freshScalar(column, column.element ?? '', random) : random.pick(column.labels);
    if (value === undefined) return undefined;
    elements.push(random.chance(0.1) ? 'NULL' : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);
  }
  return `{${elements.join(',')}}`;
}
