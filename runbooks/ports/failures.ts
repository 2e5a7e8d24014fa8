import type { SideName } from '../../definition/manifest/sections';

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

const denials = new WeakMap<Error, SideName>();

/** Notes that a side did not let the runbook's account do what failed. @returns the same error */
export function deniedOn<T>(side: SideName, error: T): T {
  if (error instanceof Error) denials.set(error, side);
  return error;
}

/** The side that denied what led to this error. */
export const denialOf = (error: unknown): SideName | undefined =>
  error instanceof Error ? (denials.get(error) ?? denialOf(error.cause)) : undefined;

const services = new WeakMap<Error, string>();

/** Notes at which service a call failed. @returns the same error */
export function failedAt<T>(service: string, error: T): T {
  if (error instanceof Error && !services.has(error)) services.set(error, service);
  return error;
}

/** Every service at which what led to this error has failed. */
export function servicesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = services.get(error);
  const inner = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return [...new Set([...(own === undefined ? [] : [own]), ...[error.cause, ...inner].flatMap(servicesOf)])];
}
