import type { Dialect } from './dialect';

const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
const dashed = (digits: string): string => digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
const isBytes = (type: string): boolean => /binary|blob/.test(type);

/** MySQL and MariaDB. Every value goes and comes as text: the driver's own numbers and dates lose digits. */
export const mysqlDialect: Dialect = {
  quoted,
  value({ kind, on }, side) {
    const { type } = on[side];
    // A text for a bit column would be taken for its bytes.
    if (type.startsWith('bit')) return kind === 'bits' ? 'CAST(CONV(?, 2, 10) AS UNSIGNED)' : 'CAST(? AS UNSIGNED)';
    return isBytes(type) ? 'UNHEX(?)' : '?';
  },
  given({ kind, on }, side, neutral) {
    if (kind !== 'uuid' || neutral === null) return neutral;
    return /\(36\)|^uuid/.test(on[side].type) ? dashed(neutral) : neutral;
  },
  read({ kind, on }, side) {
    const { name, type } = on[side];
    const column = quoted(name);
    if (isBytes(type)) return `HEX(${column})`;
    const bits = /^bit\((\d+)\)/.exec(type)?.[1];
    if (bits !== undefined && kind === 'bits') return `LPAD(BIN(${column} + 0), ${bits}, '0')`;
    if (bits !== undefined) return `CAST(${column} + 0 AS CHAR)`;
    // As a float it would be written with six digits; a double writes what is needed to read it again.
    return type.startsWith('float') ? `CAST(${column} + 0e0 AS CHAR)` : `CAST(${column} AS CHAR)`;
  },
};
