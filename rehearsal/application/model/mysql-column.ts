import type { Kind } from './neutral-table';
import { understood } from './rules';
import type { SideColumn } from './side-table';

/** As information_schema.COLUMNS has it; nothing is the empty text. */
export type CatalogueColumn = [
  name: string,
  columnType: string,
  dataType: string,
  nullable: string,
  extra: string,
  maxLength: string,
  characterSet: string,
  precision: string,
  scale: string,
  instantPrecision: string,
];

const BYTES: Record<string, bigint> = { tinyint: 1n, smallint: 2n, mediumint: 3n, int: 4n, bigint: 8n };

export function mysqlColumn(column: CatalogueColumn, checks: string[]): SideColumn {
  const [name, columnType, dataType, nullable, extra, maxLength, characterSet, precision, scale, instants] = column;
  const type = columnType.toLowerCase();
  const labels = labelsOf(columnType);
  const rules = checks.filter((clause) => clause.includes(`\`${name}\``));
  const limits = rules.map((clause) => understood(clause, name, labels !== undefined));
  const isJson = dataType === 'json' || rules.some((clause) => /json_valid/i.test(clause));
  const range = rangeOf(dataType, type, precision, scale);
  const described: SideColumn = {
    name,
    type,
    kinds: isJson ? ['json', 'text'] : kindsOf(dataType, type, scale),
    notNull: nullable === 'NO',
    computed: /GENERATED/i.test(extra) && !/DEFAULT_GENERATED/i.test(extra),
    makesKeys: /auto_increment/i.test(extra),
    // FLOAT(M,D) takes no further digits.
    restricted: limits.includes(undefined) || /^(?:float|double)\(/.test(type),
    ...(range && { range }),
    ...(maxLength !== '' && { maxLength: charactersOf(dataType, Number(maxLength)) }),
    ...(dataType === 'bit' && { maxLength: Number(precision) }),
    ...(dataType === 'decimal' && { precision: Number(precision), scale: Number(scale) }),
    ...(labels && { labels }),
    ...(characterSet !== '' && { ascii: characterSet !== 'utf8mb4' }),
    ...(/^(char|binary)$/.test(dataType) && { padded: true }),
    ...(instants !== '' && { fraction: Number(instants) }),
    ...(dataType === 'float' && { single: true }),
    ...(dataType === 'timestamp' && { until2037: true }),
  };
  for (const each of limits) if (each) narrow(described, each);
  return described;
}

/** Takes in what a rule says; a decimal is made at least zero, and of no other limit. */
export function narrow(column: SideColumn, { from, to, maxLength }: NonNullable<ReturnType<typeof understood>>): void {
  const whole = column.kinds.includes('integer') && (column.scale ?? 0) === 0;
  if (maxLength !== undefined) column.maxLength = Math.min(column.maxLength ?? Infinity, Math.floor(maxLength));
  if (from === undefined && to === undefined) return;
  if (!whole || column.range === undefined) {
    if (to !== undefined || (from ?? 0n) > 0n) column.restricted = true;
    return;
  }
  const [low, high] = column.range;
  column.range = [from !== undefined && from > low ? from : low, to !== undefined && to < high ? to : high];
}

function kindsOf(dataType: string, type: string, scale: string): Kind[] {
  switch (dataType) {
    case 'tinyint':
      return type.startsWith('tinyint(1)') ? ['boolean', 'integer'] : ['integer'];
    case 'smallint':
    case 'mediumint':
    case 'int':
    case 'bigint':
    case 'year':
      return ['integer'];
    case 'decimal':
      return scale === '0' ? ['decimal', 'integer'] : ['decimal'];
    case 'float':
    case 'double':
      return ['float'];
    case 'bit':
      return type === 'bit(1)' ? ['boolean', 'bits', 'integer'] : ['bits', 'integer'];
    case 'char':
    case 'varchar':
      return /\((32|36)\)/.test(type) ? ['text', 'uuid', 'label'] : ['text', 'label'];
    case 'tinytext':
    case 'text':
    case 'mediumtext':
    case 'longtext':
      return ['text', 'json', 'label'];
    case 'enum':
    case 'set':
      return ['label'];
    case 'date':
      return ['date'];
    case 'datetime':
    case 'timestamp':
      return ['timestamp'];
    case 'time':
      return ['time'];
    case 'binary':
      return type === 'binary(16)' ? ['bytes', 'uuid'] : ['bytes'];
    case 'varbinary':
    case 'tinyblob':
    case 'blob':
    case 'mediumblob':
    case 'longblob':
      return ['bytes'];
    case 'uuid':
      return ['uuid'];
    default:
      return ['other'];
  }
}

function rangeOf(dataType: string, type: string, precision: string, scale: string): [bigint, bigint] | undefined {
  if (dataType === 'year') return [1901n, 2155n];
  if (dataType === 'bit') return [0n, 2n ** BigInt(precision) - 1n];
  const unsigned = type.includes('unsigned');
  if (dataType === 'decimal' && scale === '0') {
    const most = 10n ** BigInt(precision) - 1n;
    return [unsigned ? 0n : -most, most];
  }
  const bytes = BYTES[dataType];
  if (bytes === undefined) return undefined;
  return unsigned ? [0n, 2n ** (bytes * 8n) - 1n] : [-(2n ** (bytes * 8n - 1n)), 2n ** (bytes * 8n - 1n) - 1n];
}

/** The length of a text without a length of its own is that of its bytes. */
function charactersOf(dataType: string, length: number): number {
  return dataType.endsWith('text') ? Math.floor(length / 4) : Math.min(length, 2 ** 31 - 1);
}

/** Labels of an enum, or all sets of the labels of a set, as the engine writes them. */
function labelsOf(columnType: string): string[] | undefined {
  const found = /^(enum|set)\((.*)\)$/is.exec(columnType);
  if (found === null) return undefined;
  const labels = [...(found[2] ?? '').matchAll(/'((?:[^']|'')*)'/g)].map(([, label = '']) =>
    label.replaceAll("''", "'"),
  );
  if (found[1]?.toLowerCase() === 'enum') return labels;
  // Of a set with very many labels some are enough.
  return Array.from({ length: 2 ** Math.min(labels.length, 8) }, (_, chosen) =>
    labels.filter((_, at) => (chosen >> at) & 1).join(','),
  );
}
