import type { EngineFamily } from '../../verification/type-table';
import type { Capacity } from './capacity';
import type { ColumnDefault, ModelColumn } from './model';
import { postgresWords } from './postgres-words';

/** Statements for people to run, in the dialect of one engine. */
export interface Ddl {
  readonly name: (text: string) => string;
  /** schema.table */
  readonly table: (title: string) => string;
  readonly literal: (text: string) => string;
  readonly type: (capacity: Capacity) => string;
}

const split = (title: string): [string, string] => {
  const dot = title.indexOf('.');
  return [title.slice(0, dot), title.slice(dot + 1)];
};

const postgresType = (of: Capacity): string => {
  switch (of.kind) {
    case 'integer': {
      if (of.least >= -32768n && of.most <= 32767n) return 'smallint';
      if (of.least >= -2147483648n && of.most <= 2147483647n) return 'integer';
      return of.most < 2n ** 63n ? 'bigint' : 'numeric(20)';
    }
    case 'decimal':
      return of.digits === undefined ? 'numeric' : `numeric(${of.digits}, ${of.scale ?? 0})`;
    case 'float':
      return of.bits === 24 ? 'real' : 'double precision';
    case 'text':
      return of.characters === undefined ? 'text' : `varchar(${of.characters})`;
    case 'labels':
      return `varchar(${Math.max(1, ...of.labels.map((label) => [...label].length))})`;
    case 'set':
      return 'text';
    case 'bytes':
      return 'bytea';
    case 'bits':
      return `bit(${of.length ?? 1})`;
    case 'moment':
      return of.of === 'date' ? 'date' : `timestamptz(${of.digits})`;
    case 'time':
      return `time(${of.digits})`;
    case 'address':
      return 'inet';
    case 'json':
      return 'jsonb';
    case 'boolean':
    case 'uuid':
      return of.kind;
    case 'other':
      return 'text';
  }
};

const mysqlType = (of: Capacity): string => {
  switch (of.kind) {
    case 'integer': {
      if (of.least >= -32768n && of.most <= 32767n) return 'smallint';
      return of.least >= -2147483648n && of.most <= 2147483647n ? 'int' : 'bigint';
    }
    case 'decimal':
      return of.digits === undefined ? 'decimal(65, 30)' : `decimal(${of.digits}, ${of.scale ?? 0})`;
    case 'float':
      return of.bits === 24 ? 'float' : 'double';
    case 'text':
      return of.characters === undefined ? 'longtext' : `varchar(${of.characters})`;
    case 'labels':
    case 'set':
      return `${of.kind === 'set' ? 'set' : 'enum'}(${of.labels.map((label) => `'${label.replaceAll("'", "''")}'`).join(',')})`;
    case 'bytes':
      return 'longblob';
    case 'bits':
      return `bit(${of.length ?? 64})`;
    case 'moment':
      return of.of === 'date' ? 'date' : `datetime(${of.digits})`;
    case 'time':
      return `time(${of.digits})`;
    case 'address':
      return 'varchar(43)';
    case 'json':
      return 'json';
    case 'boolean':
      return 'tinyint(1)';
    case 'uuid':
      return 'char(36) CHARACTER SET ascii COLLATE ascii_bin';
    case 'other':
      return 'longtext';
  }
};

const dialect = (quote: (name: string) => string, type: Ddl['type'], literal: Ddl['literal']): Ddl => ({
  name: quote,
  table: (title) => split(title).map(quote).join('.'),
  literal,
  type,
});
export const ddlOf: Readonly<Record<EngineFamily, Ddl>> = {
  postgres: dialect(
    (name) => (/^[a-z_][a-z0-9_]*$/.test(name) && !postgresWords.has(name) ? name : `"${name.replaceAll('"', '""')}"`),
    postgresType,
    (text) => `'${text.replaceAll("'", "''")}'`,
  ),
  mysql: dialect(
    (name) => `\`${name.replaceAll('`', '``')}\``,
    mysqlType,
    (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`,
  ),
};

/** A default in the words of an engine; undefined where it cannot be said. */
export function defaultText(family: EngineFamily, value: ColumnDefault, capacity: Capacity): string | undefined {
  switch (value.kind) {
    case 'now': {
      const digits = capacity.kind === 'moment' && capacity.of === 'timestamp' ? `(${capacity.digits})` : '';
      return family === 'mysql' ? `CURRENT_TIMESTAMP${digits}` : 'CURRENT_TIMESTAMP';
    }
    case 'uuid':
      return family === 'mysql' ? '(uuid())' : 'gen_random_uuid()';
    case 'expression':
      return undefined;
    case 'literal': {
      const text = plainDefault(value, capacity);
      if (capacity.kind === 'boolean') return family === 'mysql' ? text : text === '1' ? 'true' : 'false';
      if (capacity.kind === 'bits')
        return family === 'mysql' ? `b'${text}'` : `B'${text.padStart(capacity.length ?? 1, '0')}'`;
      return ['integer', 'decimal', 'float'].includes(capacity.kind) ? text : ddlOf[family].literal(text);
    }
  }
}

/** A literal so that both engines' spellings of the same value are the same. */
export function plainDefault({ text }: { text: string }, { kind }: Capacity): string {
  if (kind === 'boolean') return /^(1|t|true)$/i.test(text) ? '1' : '0';
  if (kind === 'bits') return text.replace(/^0+(?=.)/, '');
  if (['integer', 'decimal', 'float'].includes(kind) && /^-?[\d.]+$/.test(text))
    return text
      .replace(/^(-?)0+(?=\d)/, '$1')
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '');
  if (kind === 'moment' || kind === 'time')
    return text
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '')
      .replace(/\+00$/, '');
  return text;
}

export const columnText = (family: EngineFamily, column: ModelColumn, name: string): string => {
  const value = column.default && defaultText(family, column.default, column.capacity);
  return [
    ddlOf[family].name(name),
    ddlOf[family].type(column.capacity),
    ...(column.notNull ? ['NOT NULL'] : []),
    ...(value === undefined ? [] : [`DEFAULT ${value}`]),
    ...(column.counts === undefined
      ? []
      : [family === 'mysql' ? 'AUTO_INCREMENT' : 'GENERATED BY DEFAULT AS IDENTITY']),
  ].join(' ');
};
