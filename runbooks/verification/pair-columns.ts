import type { CatalogueColumn, CatalogueTable, ConvertedFrom, NativeColumn, NeutralColumn } from './dialects/dialect';
import { named } from './named';
import type { Renaming } from '../../definition/replication/renaming';
import { isKeyType, pairNeutralTypes } from './neutral-types';
import { pairTypes } from './type-table';

interface Pair<Of> {
  readonly primary: Of;
  readonly other: Of;
}
interface Pairs<Of> {
  readonly key: readonly Pair<Of>[];
  readonly rest: readonly Pair<Of>[];
  readonly bytewise: boolean;
}
export type PairedColumns =
  (Pairs<NativeColumn> & { readonly encoding: 'native' }) | (Pairs<NeutralColumn> & { readonly encoding: 'neutral' });

const isNeutral = ({ columns }: CatalogueTable): boolean => columns.some((column) => column.type.family === 'mysql');

/**
 * Matches the columns of two tables by name. Every column counts; one that stands on one side only is a reason not to
 * verify, unless the definition drops it or the engine computes it where it stands.
 */
export function pairColumns(
  primary: CatalogueTable,
  other: CatalogueTable,
  rename: Renaming,
): PairedColumns | { unverified: string } {
  if (!isNeutral(primary) && !isNeutral(other)) {
    const pairs = pair(primary, other, rename, native);
    return 'unverified' in pairs ? pairs : { ...pairs, encoding: 'native' };
  }
  const pairs = pair(primary, other, rename, neutral);
  if ('unverified' in pairs) return pairs;
  const unusable = pairs.key.find(({ primary: { form, type, counterpart } }) => !isKeyType(form, [type, counterpart]));
  if (!unusable) return { ...pairs, encoding: 'neutral' };
  const { name, type } = unusable.primary;
  return { unverified: `column ${name} of its key: rows cannot be asked for by a ${type.title} on both sides` };
}

/** How two columns become a pair of an encoding; `converted` is the converted column of the target, as one side compares it. */
interface Encoding<Of> {
  pair(primary: CatalogueColumn, other: CatalogueColumn): Pair<Of> | undefined;
  converted(column: CatalogueColumn, from: ConvertedFrom | undefined): Of;
  /** Do the indexes of both sides put the keys of a column into different orders? */
  ordersDiffer(primary: CatalogueColumn, other: CatalogueColumn, pair: Pair<Of>): boolean;
}

const native: Encoding<NativeColumn> = {
  pair(primary, other) {
    const pairing = pairTypes(primary.type, other.type);
    const column = ({ name, type }: CatalogueColumn): NativeColumn | undefined =>
      pairing && { encoding: 'native', name, type, ...pairing };
    return both(column(primary), column(other));
  },
  converted: ({ name, type }, from) => ({
    ...{ encoding: 'native', name, type, form: 'converted', sameDeclaration: true, from },
  }),
  ordersDiffer: (primary, other) => primary.collation !== other.collation,
};

const neutral: Encoding<NeutralColumn> = {
  pair(primary, other) {
    const pairing = pairNeutralTypes(primary.type, other.type);
    const column = ({ name, type }: CatalogueColumn, counterpart: CatalogueColumn): NeutralColumn | undefined =>
      pairing && { encoding: 'neutral', name, type, counterpart: counterpart.type, ...pairing };
    return both(column(primary, other), column(other, primary));
  },
  converted: ({ name, type }, from) => ({
    ...{ encoding: 'neutral', name, type, counterpart: type, form: 'converted', long: false, from },
  }),
  ordersDiffer(primary, other, { primary: { form } }) {
    // MariaDB orders a UUID by other bytes first than PostgreSQL.
    if (form === 'uuid') return primary.type.name !== other.type.name && isMariadbUuid(primary, other);
    if (form !== 'text') return form === 'bits';
    // An index has enums and sets in the order of their declaration.
    const labels = [primary, other].some(({ type }) => ['enum', 'set'].includes(type.name) || type.kind === 'enum');
    if (labels) return true;
    if (primary.collation === other.collation) return false;
    return ![primary, other].every(({ type, collation }) =>
      (type.family === 'mysql' ? bytewiseInMysql : bytewiseInPostgres).test(collation ?? ''),
    );
  },
};

const isMariadbUuid = (...columns: CatalogueColumn[]): boolean =>
  columns.some(({ type }) => type.family === 'mysql' && type.name === 'uuid');

/** Collations that order by bytes and do not pad. */
const bytewiseInMysql = /^utf8.*(_nopad|_0900)_bin$/;
const bytewiseInPostgres = /^c (C|POSIX|C\.UTF-?8)\b/i;

const both = <Of>(primary: Of | undefined, other: Of | undefined): Pair<Of> | undefined =>
  primary && other && { primary, other };

function pair<Of extends NativeColumn | NeutralColumn>(
  primary: CatalogueTable,
  other: CatalogueTable,
  rename: Renaming,
  encoding: Encoding<Of>,
): Pairs<Of> | { unverified: string } {
  const table = named(primary);
  const columns = {
    primary: new Map(primary.columns.map((column) => [column.name, column])),
    other: new Map(other.columns.map((column) => [column.name, column])),
  };
  const pairs = new Map<string, Pair<Of>>();
  const { converted, reasons } = takeConverted(columns, table, rename, encoding);
  let bytewise = false;
  for (const column of columns.primary.values()) {
    const name = rename.column(table, column.name);
    const counterpart = columns.other.get(name);
    columns.other.delete(name);
    if (rename.isDropped(table, column.name)) continue;
    if (counterpart) {
      const paired = encoding.pair(column, counterpart);
      if (!paired) reasons.push(noPair(column, counterpart));
      else {
        pairs.set(column.name, paired);
        if (primary.key.includes(column.name)) bytewise ||= encoding.ordersDiffer(column, counterpart, paired);
      }
    } else if (!column.generated) {
      reasons.push(`column ${column.name} is missing on the other side`);
    }
  }
  for (const column of columns.other.values()) {
    if (!column.generated && !rename.isDropped(named(other), column.name)) {
      reasons.push(`column ${column.name} is missing on the primary`);
    }
  }
  if (reasons.length > 0) return { unverified: reasons.join('; ') };
  const key = primary.key.map((name) => pairs.get(name));
  if (key.some((each) => each === undefined)) return { unverified: 'a column of its key does not move' };
  const rest = [...pairs].filter(([name]) => !primary.key.includes(name)).map(([, each]) => each);
  return { key: key.filter((each) => each !== undefined), rest: [...rest, ...converted], bytewise };
}

const noPair = (primary: CatalogueColumn, other: CatalogueColumn): string =>
  `column ${primary.name}: ${primary.type.title} on the primary and ${other.type.title} on the other side are no pair of the type table`;

type Columns = Record<'primary' | 'other', Map<string, CatalogueColumn>>;

/**
 * The column that is converted stands on both sides and is compared as any. The one beside it, on the target alone, is kept
 * by triggers: that the two agree counts as a column of its own, which the source always has right.
 */
function takeConverted<Of>(columns: Columns, table: string, rename: Renaming, encoding: Encoding<Of>) {
  const converted: Pair<Of>[] = [];
  const reasons: string[] = [];
  const target = rename.primaryIsSource ? columns.other : columns.primary;
  for (const { column, to, forward, reverse } of rename.conversions(table)) {
    const there = target.get(to);
    if (!there || !target.has(column)) {
      reasons.push(`${to} is no column beside ${column} on the target, which it is converted from`);
      continue;
    }
    target.delete(to);
    const source = encoding.converted(there, undefined);
    const checked = encoding.converted(there, { column, forward, reverse });
    converted.push(rename.primaryIsSource ? { primary: source, other: checked } : { primary: checked, other: source });
  }
  return { converted, reasons };
}
