import type { Capacity } from './capacity';
import { ddlOf } from './ddl';
import type { ModelColumn } from './model';

/**
 * What must hold of a column of PostgreSQL so that one of MySQL can hold its value; undefined where its own type sees to
 * that. A row with null passes every check, as it must.
 */
export function columnCheck(source: ModelColumn, target: ModelColumn): string | undefined {
  const column = ddlOf.postgres.name(target.name);
  const conditions = conditionsOf(source.capacity, target, column);
  return conditions.length > 0 ? conditions.join(' AND ') : undefined;
}

function conditionsOf(mysql: Capacity, { capacity: postgres, type }: ModelColumn, column: string): string[] {
  switch (mysql.kind) {
    case 'boolean':
      // A boolean there; else a number of one digit's column here, which counts to 127.
      return postgres.kind === 'boolean'
        ? []
        : integerConditions({ kind: 'integer', least: -128n, most: 127n }, postgres, column);
    case 'integer':
      return integerConditions(mysql, postgres, column);
    case 'decimal':
      return decimalConditions(mysql, postgres, column);
    case 'float':
      return floatConditions(mysql, postgres, column);
    case 'text':
      return postgres.kind === 'text' || postgres.kind === 'labels'
        ? textConditions(mysql, postgres, column, type.name)
        : [];
    case 'labels':
      return labelConditions(mysql.labels, postgres, column);
    case 'set':
      return setConditions(mysql.labels, column);
    case 'bytes':
      if (postgres.kind !== 'bytes' || mysql.most === undefined || mysql.most >= 2 ** 30) return [];
      return [`octet_length(${column}) ${mysql.exactly ? '=' : '<='} ${mysql.most}`];
    case 'bits':
      if (postgres.kind === 'bits')
        return postgres.exactly && postgres.length === mysql.length ? [] : [`bit_length(${column}) = ${mysql.length}`];
      return mysql.length === undefined
        ? []
        : [`${column} BETWEEN 0 AND ${2n ** BigInt(mysql.length) - 1n}`, ...whole(postgres, column)];
    case 'moment':
      return momentConditions(mysql, postgres, column, type.name);
    case 'time':
      return postgres.kind === 'time' && postgres.digits > mysql.digits
        ? [`${column} = ${column}::time(${mysql.digits})`]
        : [];
    case 'address':
      return [
        `masklen(${column}) = CASE family(${column}) WHEN 4 THEN 32 ELSE 128 END`,
        ...(mysql.version === undefined ? [] : [`family(${column}) = ${mysql.version}`]),
      ];
    case 'uuid':
    case 'json':
    case 'other':
      return [];
  }
}

const whole = (of: Capacity, column: string): string[] =>
  of.kind === 'decimal' && of.scale !== 0 ? [`${column} = trunc(${column})`] : [];

function integerConditions(
  mysql: Extract<Capacity, { kind: 'integer' }>,
  postgres: Capacity,
  column: string,
): string[] {
  const range = `${column} BETWEEN ${mysql.least} AND ${mysql.most}`;
  if (postgres.kind === 'decimal') return [range, ...whole(postgres, column)];
  if (postgres.kind !== 'integer') return [];
  if (mysql.orZero) return [`(${range} OR ${column} = 0)`];
  if (postgres.most <= mysql.most) return postgres.least >= mysql.least ? [] : [`${column} >= ${mysql.least}`];
  return [range];
}

/** A number with the digits of a FLOAT is held as that FLOAT: 0.1 comes back as what a FLOAT calls 0.1. */
function floatConditions(mysql: Extract<Capacity, { kind: 'float' }>, postgres: Capacity, column: string): string[] {
  if (postgres.kind !== 'float') return [];
  const { bits, unsigned, rounded } = mysql;
  const conditions = [`${column} NOT IN ('NaN', 'Infinity', '-Infinity')`];
  if (bits === 24 && postgres.bits === 53)
    conditions.push(`${column} IN (${column}::real::double precision, ${column}::real::text::double precision)`);
  if (unsigned) conditions.push(`${column} >= 0`);
  if (rounded !== undefined) {
    const kept = bits === 24 && postgres.bits === 53 ? `${column}::real` : column;
    const type = bits === 24 || postgres.bits === 24 ? 'real' : 'double precision';
    conditions.push(
      `abs(${column}) < 1e${rounded.digits - rounded.scale}`,
      `round(${kept}::text::numeric, ${rounded.scale})::${type} = ${kept}`,
    );
  }
  return conditions;
}

/** NaN is above every number and infinity has no digits: neither passes a range. */
function decimalConditions(
  mysql: Extract<Capacity, { kind: 'decimal' }>,
  postgres: Capacity,
  column: string,
): string[] {
  const { digits = 65, scale = 0, unsigned } = mysql;
  const largest = `${'9'.repeat(digits - scale) || '0'}${scale > 0 ? `.${'9'.repeat(scale)}` : ''}`;
  const least = unsigned ? '0' : `-${largest}`;
  if (postgres.kind === 'integer') {
    const limit = 10n ** BigInt(digits - scale) - 1n;
    if (postgres.most <= limit) return unsigned ? [`${column} >= 0`] : [];
    return [`${column} BETWEEN ${unsigned ? 0 : -limit} AND ${limit}`];
  }
  if (postgres.kind !== 'decimal') return [];
  const range = `${column} BETWEEN ${least} AND ${largest}`;
  return (postgres.scale ?? Infinity) > scale ? [range, `${column} = round(${column}, ${scale})`] : [range];
}

/** What PostgreSQL calls MySQL's character sets that do not hold all of Unicode; a character that is not in it is an error. */
const encodings: Readonly<Record<string, string>> = {
  latin1: 'WIN1252',
  latin2: 'LATIN2',
  latin5: 'LATIN5',
  latin7: 'LATIN7',
  cp1250: 'WIN1250',
  cp1251: 'WIN1251',
  cp1256: 'WIN1256',
  cp1257: 'WIN1257',
  cp866: 'WIN866',
  koi8r: 'KOI8R',
  koi8u: 'KOI8U',
  greek: 'ISO_8859_7',
  hebrew: 'ISO_8859_8',
  sjis: 'SJIS',
  cp932: 'SJIS',
  ujis: 'EUC_JP',
  eucjpms: 'EUC_JP',
  euckr: 'EUC_KR',
  gb2312: 'EUC_CN',
  gbk: 'GBK',
  gb18030: 'GB18030',
  big5: 'BIG5',
};

function textConditions(
  { characters, bytes, characterSet, padded }: Extract<Capacity, { kind: 'text' }>,
  postgres: Extract<Capacity, { kind: 'text' | 'labels' }>,
  column: string,
  typeName: string,
): string[] {
  const text = typeName === 'text' || typeName === 'varchar' ? column : `${column}::text`;
  const conditions: string[] = [];
  const declared =
    postgres.kind === 'text' ? postgres.characters : Math.max(...postgres.labels.map(({ length }) => length));
  if (characters !== undefined && (declared ?? Infinity) > characters)
    conditions.push(`char_length(${text}) <= ${characters}`);
  // MySQL counts the bytes of its own character set; those of UTF-8 are never fewer.
  if (bytes !== undefined && bytes < 2 ** 30 && (declared ?? Infinity) * 4 > bytes)
    conditions.push(`octet_length(${text}) <= ${bytes}`);
  if (characterSet === 'ascii') conditions.push(`octet_length(${text}) = char_length(${text})`);
  else if (characterSet === 'utf8' || characterSet === 'utf8mb3' || characterSet === 'ucs2')
    conditions.push(`${text} !~ '[\\U00010000-\\U0010FFFF]'`);
  else if (characterSet !== undefined && encodings[characterSet])
    conditions.push(`octet_length(convert_to(${text}, '${encodings[characterSet]}')) >= 0`);
  if (padded && !(postgres.kind === 'text' && postgres.padded)) conditions.push(`${text} = rtrim(${text}, ' ')`);
  return conditions;
}

function labelConditions(labels: readonly string[], postgres: Capacity, column: string): string[] {
  const isOwn = postgres.kind === 'labels';
  if (isOwn && postgres.labels.every((label) => labels.includes(label))) return [];
  return [`${column}::text IN (${labels.map(ddlOf.postgres.literal).join(', ')})`];
}

/** Labels in their order, each at most once: anything else would come back otherwise. */
function setConditions(labels: readonly string[], column: string): string[] {
  const escaped = labels.map((label) => label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = `^${escaped.map((label) => `(${label},)?`).join('')}$`;
  return [`(${column}::text = '' OR ${column}::text || ',' ~ ${ddlOf.postgres.literal(pattern)})`];
}

function momentConditions(
  mysql: Extract<Capacity, { kind: 'moment' }>,
  postgres: Capacity,
  column: string,
  typeName: string,
): string[] {
  if (postgres.kind !== 'moment') return [];
  const zone = typeName === 'timestamptz' ? '+00' : '';
  const range = `${column} BETWEEN '${mysql.from}${zone}' AND '${mysql.to}${zone}'`;
  if (mysql.of === 'date' || postgres.digits <= mysql.digits) return [range];
  return [range, `${column} = ${column}::${typeName}(${mysql.digits})`];
}
