/** One thing that a policy says: one action on one resource for one principal under conditions. */
export interface Grant {
  readonly effect: 'Allow' | 'Deny';
  readonly action: string;
  readonly resource: string;
  readonly principal: string;
  /** `StringEquals|aws:SourceAccount` → allowed values. */
  readonly conditions: ReadonlyMap<string, readonly string[]>;
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value]);
const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? '*'));

const principals = (value: unknown): string[] => {
  if (value === undefined) return [''];
  if (typeof value === 'string') return [value];
  return Object.entries(value as Record<string, unknown>).flatMap(([kind, names]) =>
    list(names).map((name) => `${kind}:${text(name)}`),
  );
};

function conditions(value: unknown): Map<string, string[]> {
  return new Map(
    Object.entries((value ?? {}) as Record<string, Record<string, unknown>>).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]): [string, string[]] => [`${operator}|${key}`, list(values).map(text)]),
    ),
  );
}

export function grantsOf(document: unknown): Grant[] {
  const statements = (document as { Statement?: unknown } | undefined)?.Statement;
  if (statements === undefined) return [];
  return (list(statements) as Record<string, unknown>[]).flatMap((statement) =>
    list(statement['Action']).flatMap((action) =>
      list(statement['Resource'] ?? '').flatMap((resource) =>
        principals(statement['Principal']).map((principal) => ({
          effect: statement['Effect'] as Grant['effect'],
          action: text(action),
          resource: text(resource),
          principal,
          conditions: conditions(statement['Condition']),
        })),
      ),
    ),
  );
}

const matches = (pattern: string, value: string): boolean =>
  pattern === value ||
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(value);

/** True when `wide` says all that `narrow` says: every condition of `wide` stands in `narrow`, with no further value. */
export const isCovered = (narrow: Grant, wide: Grant): boolean =>
  matches(wide.action, narrow.action) &&
  matches(wide.resource, narrow.resource) &&
  wide.principal === narrow.principal &&
  [...wide.conditions].every(([key, values]) => {
    const own = narrow.conditions.get(key);
    return own !== undefined && own.every((value) => values.some((pattern) => matches(pattern, value)));
  });
