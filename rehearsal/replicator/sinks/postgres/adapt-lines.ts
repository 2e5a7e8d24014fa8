import { Transform } from 'node:stream';
import type { Adaptation } from './adaptation';

const lineFeed = 0x0a;

/**
 * Rewrites fields of COPY text on their way, by their place in the line. Undefined when there is nothing to rewrite: then
 * the bytes pass untouched.
 */
export function adaptLines(adaptations: readonly (Adaptation | undefined)[]): Transform | undefined {
  const places = adaptations.flatMap((adaptation, place) => (adaptation ? [{ place, adaptation }] : []));
  if (places.length === 0) return undefined;
  let rest = Buffer.alloc(0);
  const rewrite = (text: string): string =>
    text
      .split('\n')
      .map((line) => rewriteLine(line, places))
      .join('\n');
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const end = chunk.lastIndexOf(lineFeed);
      if (end < 0) {
        rest = Buffer.concat([rest, chunk]);
        return done();
      }
      const whole = Buffer.concat([rest, chunk.subarray(0, end)]);
      rest = Buffer.from(chunk.subarray(end + 1));
      // Bytes that are no UTF-8 are for the target to refuse, so they are kept as they are.
      done(null, Buffer.from(`${rewrite(whole.toString('latin1'))}\n`, 'latin1'));
    },
    flush(done) {
      done(null, rest.length > 0 ? Buffer.from(rewrite(rest.toString('latin1')), 'latin1') : undefined);
    },
  });
}

/** These values hold no character but the backslash of `\x` that COPY escapes. */
function rewriteLine(line: string, places: readonly { place: number; adaptation: Adaptation }[]): string {
  const fields = line.split('\t');
  for (const { place, adaptation } of places) {
    const field = fields[place];
    if (field !== undefined && field !== '\\N') fields[place] = adaptation(field.replace('\\\\x', '\\x'));
  }
  return fields.join('\t');
}
