/** A duration that differs between two environments or migrations; both values in seconds. */
export interface DifferingDuration {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/**
 * Lists every setting whose name ends with `Seconds` and that has another value in `to` than in `from`: what a rehearsal
 * shortens. A name without unit is never a duration, so this list is complete.
 */
export function differingDurations(from: unknown, to: unknown, path = ''): DifferingDuration[] {
  if (!isTree(from) || !isTree(to)) return [];
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key) => {
    const at = Array.isArray(to) || Array.isArray(from) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    const [before, after] = [from[key], to[key]];
    if (key.endsWith('Seconds')) return before === after ? [] : [{ path: at, from: before, to: after }];
    return differingDurations(before, after, at);
  });
}
