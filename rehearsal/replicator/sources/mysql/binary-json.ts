import { decimalText } from './packed-decimal';
import { packedDateText, packedTimeText } from './packed-time';

/**
 * MySQL's binary JSON (mysql-server, sql-common/json_binary.h) as the text that the server itself writes: numbers keep
 * all their digits, members their order. Throws on what it does not know: a guess would corrupt a document.
 */
export function jsonText(document: Buffer): string {
  // An empty value stands for JSON null, where a strict mode was off.
  if (document.length === 0) return 'null';
  return valueText(document[0] as number, document.subarray(1));
}

/** @param data begins with the value; offsets inside it count from there */
function valueText(type: number, data: Buffer): string {
  switch (type) {
    case 0x00:
      return container(data, 2, true);
    case 0x01:
      return container(data, 4, true);
    case 0x02:
      return container(data, 2, false);
    case 0x03:
      return container(data, 4, false);
    case 0x04:
      return literal(data[0] as number);
    case 0x05:
      return String(data.readInt16LE());
    case 0x06:
      return String(data.readUInt16LE());
    case 0x07:
      return String(data.readInt32LE());
    case 0x08:
      return String(data.readUInt32LE());
    case 0x09:
      return String(data.readBigInt64LE());
    case 0x0a:
      return String(data.readBigUInt64LE());
    case 0x0b:
      return doubleText(data.readDoubleLE());
    case 0x0c:
      return JSON.stringify(counted(data).toString('utf8'));
    case 0x0f:
      return opaque(data[0] as number, counted(data.subarray(1)));
    default:
      throw new Error(`a JSON document holds the type ${type}, which is not known`);
  }
}

/** Small values stand in the table of a container itself; which these are depends on the width of its offsets. */
const inlined = (type: number, width: number): boolean =>
  type === 0x04 || type === 0x05 || type === 0x06 || (width === 4 && (type === 0x07 || type === 0x08));

function container(data: Buffer, width: 2 | 4, object: boolean): string {
  const number = (at: number): number => (width === 2 ? data.readUInt16LE(at) : data.readUInt32LE(at));
  const count = number(0);
  const keys = 2 * width;
  const values = keys + (object ? count * (width + 2) : 0);
  const members = Array.from({ length: count }, (_, index) => {
    const entry = values + index * (1 + width);
    const type = data[entry] as number;
    const place = inlined(type, width) ? entry + 1 : number(entry + 1);
    const text = valueText(type, data.subarray(place));
    if (!object) return text;
    const key = keys + index * (width + 2);
    const start = number(key);
    return `${JSON.stringify(data.toString('utf8', start, start + data.readUInt16LE(key + width)))}: ${text}`;
  });
  return object ? `{${members.join(', ')}}` : `[${members.join(', ')}]`;
}

function literal(value: number): string {
  const text = ['null', 'true', 'false'][value];
  if (text === undefined) throw new Error(`a JSON document holds the literal ${value}, which is not known`);
  return text;
}

/** A whole number keeps its `.0`, as the server writes it: another type than an integer there. */
function doubleText(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** Bytes behind their length: seven bits in each byte, the lowest first. */
function counted(data: Buffer): Buffer {
  let length = 0;
  for (let at = 0, factor = 1; ; at++, factor *= 128) {
    const byte = data[at] as number;
    length += (byte & 0x7f) * factor;
    if ((byte & 0x80) === 0) return data.subarray(at + 1, at + 1 + length);
  }
}

/** Values of SQL types inside a document. */
function opaque(type: number, data: Buffer): string {
  switch (type) {
    case 246:
      return decimalText(data.subarray(2), data[0] as number, data[1] as number);
    case 10:
      return `"${packedDateText(data.readBigInt64LE())}"`;
    case 7:
    case 12:
      return `"${packedTimeText(data.readBigInt64LE(), 'datetime')}"`;
    case 11:
      return `"${packedTimeText(data.readBigInt64LE(), 'time')}"`;
    default:
      return `"base64:type${type}:${data.toString('base64')}"`;
  }
}
