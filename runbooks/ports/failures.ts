/** The command cannot run as given: wrong name, unreachable database, bad manifest. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code: string;
  readonly next: string | undefined;
  constructor(code: string, message: string, options: { next?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.next = options.next;
  }
}

/** A side or Route 53 refused this run because a later one has taken over. */
export class StaleEpochError extends Error {
  override readonly name = 'StaleEpochError';
}
