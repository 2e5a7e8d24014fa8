import { quoteLiteral } from '../../../mysql/quoting';
import { labelsOf } from '../../../sources/mysql/columns';
import { RefusedValueError } from '../../refused-value';
import type { TargetColumn } from '../target-table';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What is beyond the length is refused by the server, except for blanks at the end, which it cuts in any mode. */
export function textLiteral(text: string, column: TargetColumn, padded: boolean): string {
  const { dataType, length = Infinity, octets = Infinity } = column;
  // CHAR gives no blanks at its end back, and those of the source's char(n) mean nothing.
  let kept = dataType === 'char' || padded ? text.replace(/ +$/, '') : text;
  if (length === 32 && uuid.test(kept)) kept = kept.replaceAll('-', '');
  if (kept.length > length && [...kept].length > length) {
    throw new RefusedValueError(`${[...kept].length} characters are too long for ${column.columnType}`, true);
  }
  if (kept.length * 4 > octets && column.charset === 'utf8mb4' && Buffer.byteLength(kept) > octets) {
    throw new RefusedValueError(`${Buffer.byteLength(kept)} bytes are too long for ${column.columnType}`, true);
  }
  return quoteLiteral(kept);
}

/** The server takes another case, and digits as the label's place. */
export function enumLiteral(text: string, { columnType }: TargetColumn): string {
  if (!labels(columnType).includes(text)) throw new RefusedValueError(`"${text}" is no label of ${columnType}`);
  return quoteLiteral(text);
}

/** The server brings the labels into their order and drops those that come twice. */
export function setLiteral(text: string, { columnType }: TargetColumn): string {
  const known = labels(columnType);
  const places = text === '' ? [] : text.split(',').map((label) => known.indexOf(label));
  if (places.some((place, index) => place < 0 || place <= (places[index - 1] ?? -1))) {
    throw new RefusedValueError(`"${text}" are no labels of ${columnType} in their order`);
  }
  return quoteLiteral(text);
}

const known = new Map<string, string[]>();
function labels(columnType: string): string[] {
  const found = known.get(columnType) ?? labelsOf(columnType);
  known.set(columnType, found);
  return found;
}

/** Bytes `\x…`, or a uuid as its sixteen. BINARY fills up what is shorter. */
export function bytesLiteral(text: string, { dataType, length = Infinity, columnType }: TargetColumn): string {
  const hex = text.startsWith('\\x') ? text.slice(2) : uuid.test(text) ? text.replaceAll('-', '') : undefined;
  if (hex === undefined) throw new RefusedValueError(`a text does not go into ${columnType}`);
  const bytes = hex.length / 2;
  if (bytes > length) throw new RefusedValueError(`${bytes} bytes are too long for ${columnType}`, true);
  if (dataType === 'binary' && bytes < length) throw new RefusedValueError(`${bytes} bytes do not fill ${columnType}`);
  return `x'${hex}'`;
}
