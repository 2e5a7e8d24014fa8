/**
 * Which column types can be compared with which, and in which canonical form. A pair that no row of the table holds is
 * not guessed: its table is unverified. The first row that holds both types decides.
 */
export type EngineFamily = 'postgres' | 'mysql';

/** A column type with domains resolved to what they stand on. */
export interface ColumnType {
  /** Absent: PostgreSQL. */
  readonly family?: EngineFamily;
  /** The engine's own name: `int4`, `bpchar`; the type's name for what users or extensions define. */
  readonly name: string;
  readonly schema: string;
  readonly kind: 'base' | 'enum' | 'composite' | 'range' | 'multirange' | 'array' | 'pseudo';
  /** Declared length, precision and scale as the engine encodes them; absent when there is none. */
  readonly modifier?: string;
  readonly element?: ColumnType;
  /** MySQL: digits behind the point, of decimals and of seconds. */
  readonly scale?: number;
  /** MySQL: ZEROFILL. */
  readonly padded?: boolean;
  /** MySQL: of texts, enums and sets. */
  readonly characterSet?: string;
  readonly collation?: string;
  /** The type as a person writes it. */
  readonly title: string;
}

/** How both sides must write a value so that equal values give equal bytes and different ones different bytes. */
export type CanonicalForm =
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'text'
  | 'bytes'
  | 'date'
  | 'timestamp'
  | 'instant'
  | 'time'
  | 'time with zone'
  | 'interval'
  | 'uuid'
  | 'json text'
  | 'json value'
  | 'bits'
  | 'same type'
  | 'printed'
  | 'converted';

interface Row {
  readonly form: CanonicalForm;
  readonly postgres: readonly string[];
}

const integers = ['int2', 'int4', 'int8'];
const texts = ['text', 'varchar', 'bpchar', 'citext', 'name', 'enum'];

const table: readonly Row[] = [
  { form: 'integer', postgres: integers },
  { form: 'decimal', postgres: [...integers, 'numeric'] },
  { form: 'float', postgres: ['float4', 'float8'] },
  { form: 'boolean', postgres: ['bool'] },
  { form: 'text', postgres: texts },
  { form: 'bytes', postgres: ['bytea'] },
  { form: 'date', postgres: ['date'] },
  { form: 'timestamp', postgres: ['timestamp'] },
  { form: 'instant', postgres: ['timestamptz'] },
  { form: 'time', postgres: ['time'] },
  { form: 'time with zone', postgres: ['timetz'] },
  { form: 'interval', postgres: ['interval'] },
  { form: 'uuid', postgres: ['uuid'] },
  { form: 'json text', postgres: ['json'] },
  { form: 'json value', postgres: ['jsonb'] },
  { form: 'bits', postgres: ['bit', 'varbit'] },
];

/** Types of one engine's own that are compared with themselves only, in the engine's own exact form. */
const ownTypes = new Set([
  ...['inet', 'cidr', 'macaddr', 'macaddr8', 'char', 'oid', 'pg_lsn', 'money', 'tsvector', 'tsquery'],
  ...['point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle'],
  ...['int4range', 'int8range', 'numrange', 'daterange', 'tsrange', 'tstzrange'],
  ...['int4multirange', 'int8multirange', 'nummultirange', 'datemultirange', 'tsmultirange', 'tstzmultirange'],
]);

/** Types of extensions whose printed text says everything about the value and does not depend on the version. */
const printedTypes = new Set([
  'xml',
  'hstore',
  'ltree',
  'lquery',
  'cube',
  'isbn',
  'isbn13',
  'issn',
  'ean13',
  'upc',
  'vector',
]);

export interface Pairing {
  readonly form: CanonicalForm;
  /** Both sides declare the same length, precision and scale. */
  readonly sameDeclaration: boolean;
}

/** How two columns are compared, or undefined when the table does not hold the pair. */
export function pairTypes(primary: ColumnType, other: ColumnType): Pairing | undefined {
  const sameDeclaration = primary.name === other.name && primary.modifier === other.modifier;
  const [one, two] = [rowName(primary), rowName(other)];
  const row = table.find(({ postgres }) => one && two && postgres.includes(one) && postgres.includes(two));
  const form = row?.form ?? ownForm(primary, other);
  return form ? { form, sameDeclaration } : undefined;
}

/** What a type is called in the table; types that users define under an engine's name are not the engine's. */
function rowName(type: ColumnType): string | undefined {
  if (type.kind === 'enum') return 'enum';
  return type.kind === 'base' && (type.schema === 'pg_catalog' || type.name === 'citext') ? type.name : undefined;
}

function ownForm(primary: ColumnType, other: ColumnType): CanonicalForm | undefined {
  if (primary.kind !== other.kind) return undefined;
  if (primary.kind === 'array') return sameWhenPrinted(primary.element, other.element) ? 'printed' : undefined;
  if (primary.name !== other.name || primary.kind === 'pseudo') return undefined;
  if (ownTypes.has(primary.name) && primary.schema === 'pg_catalog') return 'same type';
  return primary.kind !== 'base' || printedTypes.has(primary.name) ? 'printed' : undefined;
}

/** Elements print the same for the same value: padding and trailing zeros follow the declaration. */
function sameWhenPrinted(one: ColumnType | undefined, two: ColumnType | undefined): boolean {
  const pairing = one && two && pairTypes(one, two);
  if (!pairing) return false;
  if (pairing.form === 'integer' || pairing.sameDeclaration) return true;
  return pairing.form === 'text' && one.name !== 'bpchar' && two.name !== 'bpchar';
}
