/** One page of a list, and the token with which the next begins. */
export interface Page<T> {
  readonly items: T[];
  readonly next: string | undefined;
}

/** Cuts a page out of a list. The token is the plain offset: opaque to clients, readable to whoever debugs. */
export function page<T>(items: readonly T[], size: number, token: string | undefined): Page<T> {
  const start = token === undefined ? 0 : Number(token);
  const end = start + size;
  return { items: items.slice(start, end), next: end < items.length ? String(end) : undefined };
}
