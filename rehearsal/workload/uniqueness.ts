import type { Column } from './catalogue';
import type { Random } from './random';
import { freshValue } from './values';

/**
 * How a text that must be unique is made from one that is known to be allowed:
 * `suffix` appends to it, `digits` changes only its digits, `shape` also its letters (case by case), so that a rule
 * such as `^INV-[0-9]{8}$` still holds. Which of them the schema accepts is found out by trial.
 */
export type Renewal = 'suffix' | 'shape' | 'digits';
export const RENEWALS: readonly Renewal[] = ['suffix', 'shape', 'digits'];

const TEXTS = new Set(['text', 'varchar', 'bpchar', 'citext', 'name']);
const INSTANTS = new Set(['date', 'timestamp', 'timestamptz', 'daterange', 'tsrange', 'tstzrange']);

export function isText(column: Column): boolean {
  return TEXTS.has(column.base) && column.element === null;
}

export function isInstant(column: Column): boolean {
  return INSTANTS.has(column.base) && column.element === null;
}

/** A value unlike any other for a column that must be unique; undefined when nothing is known to do. */
export function renewed(column: Column, known: string | null, renewal: Renewal, random: Random): string | undefined {
  if (!isText(column) || known === null) return freshValue(column, random);
  if (renewal === 'suffix') return suffixed(column, known, random);
  const renewedText = known.replace(renewal === 'digits' ? /[0-9]/g : /[0-9A-Za-z]/g, (letter) =>
    sameKind(letter, random),
  );
  return renewedText === known ? undefined : renewedText;
}

function suffixed(column: Column, known: string, random: Random): string {
  const suffix = random.hex(10);
  const room = column.maxLength === null ? Infinity : column.maxLength - suffix.length;
  return room <= 0
    ? suffix.slice(0, column.maxLength ?? undefined)
    : [...known].slice(0, Math.min(room, 40)).join('') + suffix;
}

function sameKind(letter: string, random: Random): string {
  if (letter >= '0' && letter <= '9') return random.digits(1);
  const base = letter >= 'a' ? 97 : 65;
  return String.fromCharCode(base + random.integer(0, 25));
}

/**
 * Moves an instant, or both ends of a range, by whole days. All instants of a row move together, so that a rule between
 * two of them (a period's end after its start) still holds. Infinities and years before Christ stay.
 */
export function movedByDays(known: string, days: number): string {
  if (known.includes('BC')) return known;
  return known.replace(/(\d{4,})-(\d\d)-(\d\d)/g, (_, year: string, month: string, day: string) => {
    const moved = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day) + days));
    return moved.toISOString().replace(/^\+0*/, '').replace(/T.*/s, '');
  });
}
