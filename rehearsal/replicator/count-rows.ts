import { Transform } from 'node:stream';

const lineFeed = 0x0a;

/** Passes COPY text on and tells how many rows each piece ends: a line feed ends a row and stands nowhere else. */
export function countRows(add: (count: number) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      let count = 0;
      for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, at + 1)) count++;
      add(count);
      done(null, chunk);
    },
  });
}
