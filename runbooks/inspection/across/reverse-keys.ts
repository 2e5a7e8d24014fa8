import { cutoverName } from '../../../definition/replication/names';
import { ddlOf } from './ddl';
import { titleOf, type Folding, type ModelColumn, type ModelTable } from './model';
import type { ReverseConstraint } from './reverse-constraint';

const { name: quote, table: quoteTable } = ddlOf.postgres;

/** Collations of Unicode (UTS #35, "Collation settings") that take for equal what MySQL's do. */
const collations = {
  caseAndAccents: { name: 'cutover_ignoring_case_and_accents', locale: 'und-u-ks-level1' },
  case: { name: 'cutover_ignoring_case', locale: 'und-u-ks-level2' },
} as const;

/** Keys that MySQL takes for equal and the target for different: a unique index of the target that tells them as MySQL does. */
export function uniqueKeys(
  object: string,
  source: ModelTable,
  target: ModelTable,
  targetOf: (column: string) => ModelColumn | undefined,
): ReverseConstraint[] {
  return source.indexes.flatMap((index): ReverseConstraint[] => {
    if (!index.isUnique || index.special !== undefined) return [];
    const parts = index.columns.map((column, at) => {
      const ours = source.columns.find(({ name }) => name === column);
      const theirs = column === undefined ? undefined : targetOf(column);
      return ours && theirs && partOf(ours, theirs, index.prefixes?.[at], target.schema);
    });
    if (parts.some((part) => part === undefined) || parts.every((part) => part?.isPlain)) return [];
    const table = titleOf(target);
    const keys = parts.map((part) => part?.text ?? '').join(', ');
    const name = cutoverName(index.isPrimary ? `${target.name}_key` : index.name, `${table} ${keys}`);
    const needed = [...new Set(parts.flatMap((part) => part?.collation ?? []))];
    const made = needed.map(
      (one) =>
        `CREATE COLLATION IF NOT EXISTS ${quote(target.schema)}.${quote(collations[one].name)} (provider = icu, locale = '${collations[one].locale}', deterministic = false);`,
    );
    return [
      {
        ...{ object, table, kind: 'unique index', name },
        refuses: `keys of ${table} that ${index.name} takes for equal: ${keys}`,
        sql: [...made, `CREATE UNIQUE INDEX ${quote(name)} ON ${quoteTable(table)} (${keys});`].join(' '),
        approximation: parts.every((part) => part?.isExact)
          ? undefined
          : 'the collation of MySQL is not one of plain Unicode; letters that only one of the two takes for equal may differ',
      },
    ];
  });
}

interface Part {
  readonly text: string;
  readonly isPlain: boolean;
  readonly isExact: boolean;
  readonly collation?: keyof typeof collations;
}

/** One part of the key, so that equal means at least what it means on the source. */
function partOf(ours: ModelColumn, theirs: ModelColumn, prefix: number | undefined, schema: string): Part | undefined {
  const isText = theirs.capacity.kind === 'text';
  const column = quote(theirs.name);
  const cut = prefix === undefined ? column : isText ? `left(${column}, ${prefix})` : `substr(${column}, 1, ${prefix})`;
  const { folds } = ours;
  if (!folds || !isText || isCovered(folds, theirs))
    return { text: prefix === undefined ? column : `(${cut})`, isPlain: prefix === undefined, isExact: true };
  const text = theirs.type.name === 'text' && prefix === undefined ? cut : `${cut}::text`;
  const trimmed = folds.padding && !theirs.folds?.padding ? `rtrim(${text}, ' ')` : text;
  if (!folds.case && !folds.accents) return { text: `(${trimmed})`, isPlain: false, isExact: true };
  const collation = folds.accents ? 'caseAndAccents' : 'case';
  return {
    text: `(${trimmed} COLLATE ${quote(schema)}.${quote(collations[collation].name)})`,
    ...{ isPlain: false, isExact: folds.exact, collation },
  };
}

/** Does the target's column itself take for equal whatever the source's does? */
const isCovered = (ours: Folding, { folds, capacity }: ModelColumn): boolean =>
  (!ours.case || folds?.case === true) &&
  (!ours.accents || folds?.accents === true) &&
  (!ours.padding || folds?.padding === true || (capacity.kind === 'text' && capacity.padded === true));
