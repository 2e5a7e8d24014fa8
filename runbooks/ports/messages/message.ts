/** One code of the output: what it means, and what to do. Both in one line, without values. */
export interface Message {
  readonly means: string;
  readonly remedy: string;
}
