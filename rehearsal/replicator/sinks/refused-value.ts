/**
 * A value that the target's column cannot hold as it is. The server would take some of them and change them in silence
 * (round, cut, pad): those are refused before they are sent.
 */
export class RefusedValueError extends Error {
  /** What is too long follows a policy of its own. */
  readonly truncates: boolean;

  constructor(message: string, truncates = false) {
    super(message);
    this.truncates = truncates;
  }
}
