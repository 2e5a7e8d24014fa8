/** A primary key as canonical text, one element per key column. */
export type Key = readonly string[];

/** Rows whose key is above `after` and not above `upTo`; an absent bound is open. */
export interface KeyRange {
  readonly after?: Key;
  readonly upTo?: Key;
}

/** Unambiguous text of a key, for maps. */
export const keyText = (key: Key): string => JSON.stringify(key);
