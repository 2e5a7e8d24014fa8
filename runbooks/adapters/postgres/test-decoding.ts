/** One line of the output plugin test_decoding that speaks of a table. */
export interface DecodedChange {
  /** Quoted as the engine needs it: `public."Order"`. */
  readonly quotedTable: string;
  readonly action: 'INSERT' | 'UPDATE' | 'DELETE' | 'TRUNCATE';
  /** The old key where an update changed it, then the new row; the old key of a delete. Empty when the log has no row. */
  readonly tuples: readonly ReadonlyMap<string, string | undefined>[];
}

/** Parses `table NAME: ACTION: …`; undefined for BEGIN, COMMIT and messages. Throws on what it does not understand. */
export function parseChange(line: string): DecodedChange | undefined {
  if (!line.startsWith('table ')) return undefined;
  const text = new Cursor(line, 'table '.length);
  const start = text.at;
  text.identifier();
  text.expect('.');
  text.identifier();
  const quotedTable = line.slice(start, text.at);
  text.expect(': ');
  const action = text.until(':');
  text.expect(':');
  if (action !== 'INSERT' && action !== 'UPDATE' && action !== 'DELETE' && action !== 'TRUNCATE')
    throw new Error(`test_decoding wrote an action that is not known: ${action}`);
  return { quotedTable, action, tuples: action === 'TRUNCATE' ? [] : tuples(text) };
}

function tuples(text: Cursor): Map<string, string | undefined>[] {
  const found: Map<string, string | undefined>[] = [];
  let row: Map<string, string | undefined> | undefined;
  while (!text.ended) {
    text.expect(' ');
    if (text.skip('(no-tuple-data)')) break;
    if (text.skip('old-key:') || text.skip('new-tuple:')) {
      row = undefined;
      continue;
    }
    if (!row) {
      row = new Map<string, string | undefined>();
      found.push(row);
    }
    const name = text.identifier();
    text.type();
    text.expect(':');
    row.set(name, text.value());
  }
  return found;
}

class Cursor {
  at: number;
  private readonly text: string;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  skip(wanted: string): boolean {
    if (!this.text.startsWith(wanted, this.at)) return false;
    this.at += wanted.length;
    return true;
  }

  expect(wanted: string): void {
    // The line holds values, so it is not quoted.
    if (!this.skip(wanted)) throw new Error(`test_decoding wrote no "${wanted}" at character ${this.at} of a line`);
  }

  until(end: string): string {
    const stop = this.text.indexOf(end, this.at);
    const found = this.text.slice(this.at, stop < 0 ? this.text.length : stop);
    this.at += found.length;
    return found;
  }

  identifier(): string {
    if (this.text[this.at] === '"') return this.quoted('"');
    const [name] = /^[^."[\]: ]+/.exec(this.text.slice(this.at, this.at + 300)) ?? [''];
    this.at += name.length;
    return name;
  }

  /** `[character varying]`, `[text[]]`, `["My ] type"]`. */
  type(): void {
    let depth = 0;
    do {
      const next = this.text[this.at];
      if (next === undefined) throw new Error('test_decoding wrote a type without its end');
      if (next === '"') {
        this.quoted('"');
        continue;
      }
      depth += next === '[' ? 1 : next === ']' ? -1 : 0;
      this.at += 1;
    } while (depth > 0);
  }

  /** Undefined for what the line does not hold: NULL, and large values that did not change. */
  value(): string | undefined {
    if (this.text.startsWith("B'", this.at)) this.at += 1;
    if (this.text[this.at] === "'") return this.quoted("'");
    const value = this.until(' ');
    return value === 'null' || value === 'unchanged-toast-datum' ? undefined : value;
  }

  private quoted(mark: string): string {
    let stop = this.at + 1;
    while (this.text[stop] !== mark || this.text[stop + 1] === mark) {
      if (stop >= this.text.length) throw new Error('test_decoding wrote a quotation without its end');
      stop += this.text[stop] === mark ? 2 : 1;
    }
    const inner = this.text.slice(this.at + 1, stop).replaceAll(mark + mark, mark);
    this.at = stop + 1;
    return inner;
  }
}
