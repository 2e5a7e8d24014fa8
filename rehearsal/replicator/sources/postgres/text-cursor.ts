const quote = 0x22;
const apostrophe = 0x27;
const space = 0x20;

/** Reads the tokens of test_decoding's text. Every refusal says where it stood: a silent guess would corrupt rows. */
export class TextCursor {
  at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  /** Steps over `token` when it stands here. */
  accept(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  expect(token: string): void {
    if (!this.accept(token)) this.refuse(`expected "${token}"`);
  }

  /** What was read since `from`. */
  since(from: number): string {
    return this.text.slice(from, this.at);
  }

  rest(): string {
    return this.text.slice(this.at);
  }

  /** An identifier as `quote_identifier` prints it: plain, or in double quotes with `""` for a quote. */
  identifier(): string {
    if (this.text.charCodeAt(this.at) === quote) return this.enclosed(quote, '"');
    const start = this.at;
    while (isPlain(this.text.charCodeAt(this.at))) this.at++;
    if (this.at === start) this.refuse('expected an identifier');
    return this.text.slice(start, this.at);
  }

  /** `[type]:` as `format_type` prints it; a type may be an array (`[integer[]]:`) or hold quoted names. */
  type(): void {
    this.expect('[');
    while (!this.text.startsWith(']:', this.at)) {
      if (this.ended) this.refuse('a type does not end');
      if (this.text.charCodeAt(this.at) === quote) this.enclosed(quote, '"');
      else this.at++;
    }
    this.at += 2;
  }

  /** A datum: bare (numbers, booleans, null), `'text'` with doubled quotes, or `B'bits'`. */
  datum(): string | null | undefined {
    const first = this.text.charCodeAt(this.at);
    if (first === apostrophe) return this.enclosed(apostrophe, "'");
    if (first === 0x42 && this.text.charCodeAt(this.at + 1) === apostrophe) {
      this.at++;
      return this.enclosed(apostrophe, "'");
    }
    const end = this.text.indexOf(' ', this.at);
    const bare = this.text.slice(this.at, end < 0 ? undefined : end);
    if (bare === '') this.refuse('expected a value');
    this.at += bare.length;
    if (bare === 'null') return null;
    if (bare === 'unchanged-toast-datum') return undefined;
    return bare;
  }

  /** True when a column follows (columns are parted by one blank). */
  get columnFollows(): boolean {
    return this.text.charCodeAt(this.at) === space;
  }

  refuse(reason: string): never {
    const here = this.text.slice(this.at, this.at + 40);
    throw new Error(`test_decoding text not understood at character ${this.at}: ${reason}, found "${here}"`);
  }

  private enclosed(mark: number, character: string): string {
    let from = this.at + 1;
    let value = '';
    for (;;) {
      const end = this.text.indexOf(character, from);
      if (end < 0) this.refuse(`a ${character} is not closed`);
      if (this.text.charCodeAt(end + 1) !== mark) {
        this.at = end + 1;
        return value === '' ? this.text.slice(from, end) : value + this.text.slice(from, end);
      }
      value += this.text.slice(from, end + 1);
      from = end + 2;
    }
  }
}

/** a-z, 0-9 and _: what `quote_identifier` leaves without quotes. */
function isPlain(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f;
}
