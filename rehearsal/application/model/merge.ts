import type { Renaming } from '../../../definition/replication/renaming';
import type { Side } from '../../workload/configuration';
import type { Kind, NeutralColumn, NeutralTable } from './neutral-table';
import type { SideColumn, SideTable } from './side-table';

/** What the sides call each other's tables and columns. */
export interface Renamings {
  toTarget: Renaming;
  toSource: Renaming;
}

/** One table of both sides' tables. `preferred` is the side whose kinds say what a column is, where several are common. */
export function mergedTable(
  source: SideTable,
  target: SideTable,
  { toTarget: renaming, toSource: back }: Renamings,
  preferred: Side,
): NeutralTable {
  const id = `${source.schema}.${source.table}`;
  const targetId = `${target.schema}.${target.table}`;
  const columns = source.columns.flatMap((column) => {
    const other = target.columns.find(({ name }) => name === renaming.column(id, column.name));
    return other === undefined || renaming.isDropped(id, column.name) ? [] : [mergedColumn(column, other, preferred)];
  });
  const standing = new Set(columns.map(({ name }) => name));
  const toSource = (names: string[], table = targetId): string[] => names.map((name) => back.column(table, name));
  const targetKeys = target.foreignKeys.map(({ columns: own, table, referenced }) => ({
    columns: toSource(own),
    table: back.table(table),
    referenced: toSource(referenced, table),
  }));
  const foreignKeys = [...source.foreignKeys];
  for (const key of targetKeys) if (!foreignKeys.some((each) => same(each.columns, key.columns))) foreignKeys.push(key);
  const uniques = [...source.uniques, ...target.uniques.map((each) => toSource(each))].filter(
    (each) => each.length > 0,
  );
  const required = new Set(columns.filter(({ notNull }) => notNull).map(({ name }) => name));
  const key =
    source.primary.length > 0 ? source.primary : uniques.find((each) => each.every((name) => required.has(name)));
  return {
    id,
    on: {
      source: { schema: source.schema, table: source.table },
      target: { schema: target.schema, table: target.table },
    },
    sql: '',
    columns,
    // A key that the other side does not hold finds no row again.
    key: key?.every((name) => standing.has(name)) ? key : [],
    uniques: uniques.filter((each, at) => uniques.findIndex((other) => same(each, other)) === at),
    foreignKeys: foreignKeys.filter((each) => each.columns.every((name) => standing.has(name))),
    hasAfterTriggers: source.hasAfterTriggers || target.hasAfterTriggers,
    // A row of theirs would belong to nobody: whoever wrote it last may have been a trigger.
    writable: !source.writtenByTriggers && !target.writtenByTriggers,
    readable: true,
  };
}

const same = (one: readonly string[], other: readonly string[]): boolean =>
  [...one].sort().join('\n') === [...other].sort().join('\n');

const BASES: Record<Kind, string> = {
  boolean: 'bool',
  integer: 'int8',
  decimal: 'numeric',
  float: 'float8',
  text: 'varchar',
  label: 'label',
  date: 'date',
  timestamp: 'timestamp',
  time: 'time',
  bytes: 'bytea',
  uuid: 'uuid',
  json: 'jsonb',
  bits: 'bit',
  other: 'unknown',
};

function mergedColumn(source: SideColumn, target: SideColumn, preferred: Side): NeutralColumn {
  const [first, second] = preferred === 'source' ? [source, target] : [target, source];
  const kind = first.kinds.find((each) => second.kinds.includes(each)) ?? 'other';
  const single = source.single ?? target.single;
  const labels =
    source.labels && target.labels ? source.labels.filter((each) => target.labels?.includes(each)) : undefined;
  const optional = {
    single,
    ascii: source.ascii || target.ascii || undefined,
    padded: source.padded || target.padded || undefined,
    until2037: source.until2037 || target.until2037 || undefined,
    fraction: least(source.fraction, target.fraction) ?? undefined,
    range: kind === 'integer' ? narrower(source.range, target.range) : undefined,
  };
  return {
    name: source.name,
    kind,
    on: { source: { name: source.name, type: source.type }, target: { name: target.name, type: target.type } },
    base: kind === 'float' && single ? 'float4' : BASES[kind],
    type: kind,
    element: null,
    labels: kind === 'label' ? (labels ?? source.labels ?? target.labels ?? null) : null,
    maxLength: least(source.maxLength, target.maxLength),
    ...digits(source, target),
    notNull: source.notNull || target.notNull,
    computed: source.computed || target.computed,
    keyMaker: source.makesKeys && target.makesKeys ? 'sequence' : null,
    restricted: source.restricted || target.restricted || kind === 'other',
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

function least(one: number | undefined, other: number | undefined): number | null {
  const least = Math.min(one ?? Infinity, other ?? Infinity);
  return Number.isFinite(least) ? least : null;
}

function narrower(one?: [bigint, bigint], other?: [bigint, bigint]): [string, string] | undefined {
  const [a, b] = [one ?? other, other ?? one];
  if (a === undefined || b === undefined) return undefined;
  return [a[0] > b[0] ? a[0] : b[0], a[1] < b[1] ? a[1] : b[1]].map(String) as [string, string];
}

/** As many digits before and after the point as both sides hold. */
function digits(source: SideColumn, target: SideColumn): { precision: number | null; scale: number | null } {
  const scale = least(source.scale, target.scale);
  const whole = least(wholeDigits(source), wholeDigits(target));
  return { precision: whole === null ? null : whole + (scale ?? 0), scale };
}

const wholeDigits = ({ precision, scale }: SideColumn): number | undefined =>
  precision === undefined ? undefined : precision - (scale ?? 0);
