import type { Readable } from 'node:stream';
import type { Value } from '../../row-change';

const lineFeed = 0x0a;

/** Rows of PostgreSQL's COPY text, several at a time as they come. */
export async function* copyRows(lines: Readable): AsyncGenerator<Value[][]> {
  let rest = Buffer.alloc(0);
  for await (const chunk of lines as AsyncIterable<Buffer>) {
    const all = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const end = all.lastIndexOf(lineFeed);
    if (end >= 0) yield all.toString('utf8', 0, end).split('\n').map(fieldsOf);
    rest = Buffer.from(all.subarray(end + 1));
  }
  if (rest.length > 0) throw new Error('the rows end within a line');
}

const fieldsOf = (line: string): Value[] => line.split('\t').map(fieldOf);

const fieldOf = (field: string): Value => {
  if (field === '\\N') return null;
  return field.includes('\\') ? field.replace(/\\(.)/gs, (_, escape: string) => escapes[escape] ?? escape) : field;
};
const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
