import type { Difference } from '../difference';
import type { TablePair } from './table-pair';
import { ddlOf } from './ddl';
import { isOurs, titleOf, type ModelForeignKey, type ModelIndex } from './model';

/** Primary and unique keys, indexes and foreign keys: by what they are made of, whatever they are called. */
export function compareKeys(pair: TablePair): Difference[] {
  return [...comparePrimaryKeys(pair), ...compareIndexes(pair), ...compareForeignKeys(pair)];
}

const ddlFor = ({ otherFamily, other }: TablePair) => {
  const { name, table } = ddlOf[otherFamily];
  const list = (columns: readonly string[]) => columns.map(name).join(', ');
  return { name, table: table(titleOf(other)), list, tableOf: table };
};

/** Columns of the primary as the other side calls them; undefined where one is an expression or stays behind. */
function renamed({ primary, renaming }: TablePair, columns: readonly (string | undefined)[]): string[] | undefined {
  const title = titleOf(primary);
  const names = columns.map((one) =>
    one === undefined || renaming.isDropped(title, one) ? undefined : renaming.column(title, one),
  );
  return names.every((one) => one !== undefined) ? names : undefined;
}

const same = (one: readonly unknown[], two: readonly unknown[]) =>
  one.length === two.length && one.every((each, at) => each === two[at]);
const sameSet = (one: readonly unknown[], two: readonly unknown[]) =>
  one.length === two.length && one.every((each) => two.includes(each));

function comparePrimaryKeys(pair: TablePair): Difference[] {
  const [here, there] = [pair.primary, pair.other].map(({ indexes }) => indexes.find(({ isPrimary }) => isPrimary));
  const wanted = here && renamed(pair, here.columns);
  if (wanted === undefined ? there === undefined : there && sameSet(wanted, there.columns)) return [];
  const { table, list } = ddlFor(pair);
  return [
    {
      ...{ object: pair.object, kind: 'primary key', onPrimary: wanted && `(${wanted.join(', ')})` },
      ...{ onOther: there && `(${there.columns.join(', ')})`, severity: 'blocks' },
      ddl: wanted && !there ? `ALTER TABLE ${table} ADD PRIMARY KEY (${list(wanted)});` : undefined,
    },
  ];
}

function compareIndexes(pair: TablePair): Difference[] {
  const { primary, other, object } = pair;
  const found: Difference[] = [];
  // The product's own tell keys as MySQL does; nobody looks rows up by them.
  const usable = other.indexes.filter(({ name, special }) => special === undefined && !isOurs(name));
  const uniqueThere = usable.filter(({ isUnique }) => isUnique);
  for (const index of primary.indexes) {
    if (index.isPrimary || isOurs(index.name)) continue;
    const kind = index.isUnique ? 'unique index' : 'index';
    const wanted = renamed(pair, index.columns);
    if (index.special !== undefined || wanted === undefined) {
      found.push({ object, kind: `${kind} ${index.name}`, onPrimary: index.text, severity: 'note' });
      continue;
    }
    const stands = index.isUnique
      ? uniqueThere.some(({ columns }) => sameSet(wanted, columns))
      : usable.some(({ columns }) => same(wanted, columns.slice(0, wanted.length)));
    if (!stands)
      found.push({ object, kind, onPrimary: index.text, severity: 'blocks', ddl: createIndex(pair, index, wanted) });
  }
  for (const index of other.indexes) {
    if (!index.isUnique || index.isPrimary || isOurs(index.name)) continue;
    const isKnown = primary.indexes.some((one) => {
      const wanted = one.isUnique && renamed(pair, one.columns);
      return wanted && sameSet(wanted, index.columns);
    });
    // The other side would refuse what the primary takes.
    if (!isKnown) found.push({ object, kind: 'unique index', onOther: index.text, severity: 'blocks' });
  }
  return found;
}

function createIndex(pair: TablePair, index: ModelIndex, columns: readonly string[]): string {
  const { name, table } = ddlFor(pair);
  const parts = columns.map((column, at) => {
    const prefix = index.prefixes?.[at];
    if (prefix === undefined) return name(column);
    return pair.otherFamily === 'mysql'
      ? `${name(column)}(${prefix})`
      : index.isUnique
        ? `left(${name(column)}, ${prefix})`
        : name(column);
  });
  return `CREATE ${index.isUnique ? 'UNIQUE ' : ''}INDEX ${name(index.name)} ON ${table} (${parts.join(', ')});`;
}

/** RESTRICT is NO ACTION that does not wait. */
const actionOf = (action: string) => (action === 'RESTRICT' ? 'NO ACTION' : action);
const actions = ({ onDelete, onUpdate }: ModelForeignKey) =>
  [`ON DELETE ${actionOf(onDelete)}`, `ON UPDATE ${actionOf(onUpdate)}`].join(' ');
const described = (key: ModelForeignKey) => `(${key.columns.join(', ')}) to ${key.parent} ${actions(key)}`;

function compareForeignKeys(pair: TablePair): Difference[] {
  const { primary, other, object, renaming } = pair;
  const { name, table, list, tableOf } = ddlFor(pair);
  const found: Difference[] = [];
  const left = new Set(other.foreignKeys);
  for (const key of primary.foreignKeys) {
    const wanted = renamed(pair, key.columns);
    if (wanted === undefined) continue;
    const parent = renaming.table(key.parent);
    const parentColumns = key.parentColumns.map((column) => renaming.column(key.parent, column));
    const counterpart = other.foreignKeys.find((one) => sameSet(wanted, one.columns) && one.parent === parent);
    if (counterpart) left.delete(counterpart);
    if (counterpart && actions(counterpart) === actions(key)) continue;
    const make = `ADD CONSTRAINT ${name(key.name)} FOREIGN KEY (${list(wanted)}) REFERENCES ${tableOf(parent)} (${list(parentColumns)}) ${actions(key)}`;
    const drop = counterpart
      ? `DROP ${pair.otherFamily === 'mysql' ? 'FOREIGN KEY' : 'CONSTRAINT'} ${name(counterpart.name)}, `
      : '';
    found.push({
      ...{ object, kind: 'foreign key', onPrimary: described(key), onOther: counterpart && described(counterpart) },
      ...{ severity: 'blocks', ddl: `ALTER TABLE ${table} ${drop}${make};` },
    });
  }
  for (const key of left) found.push({ object, kind: 'foreign key', onOther: described(key), severity: 'blocks' });
  return found;
}
