/**
 * A small evaluator of identity policies: explicit deny, allow, implicit deny; wildcards in actions and resources; the condition
 * operators that the policies here use. Source: IAM User Guide, "Policy evaluation logic", "Condition operators", "Set operators".
 */
export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request; a key that is absent is not in the request. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: Record<string, Record<string, string | string[]>>;
}
export interface PolicyDocument {
  readonly Statement: Statement[];
}

const list = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? (value as readonly T[]) : [value as T];
const like = (pattern: string, value: string, flags = ''): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    flags,
  ).test(value);

const comparisons: Record<string, (expected: string, actual: string) => boolean> = {
  StringEquals: (expected, actual) => expected === actual,
  StringLike: (expected, actual) => like(expected, actual),
  ArnEquals: (expected, actual) => like(expected, actual),
  Bool: (expected, actual) => expected === actual,
};

function conditionHolds(operator: string, key: string, expected: readonly string[], request: AccessRequest): boolean {
  const found = request.context?.[key];
  if (operator === 'Null') return expected.includes(String(found === undefined));
  const [quantifier, name] = operator.includes(':') ? operator.split(':') : ['', operator];
  const compare = comparisons[name ?? ''];
  if (!compare) throw new Error(`condition operator ${operator} is not evaluated here`);
  const matches = (actual: string) => expected.some((one) => compare(one, actual));
  // An absent key satisfies ForAllValues: that is the trap which the Null conditions close.
  if (quantifier === 'ForAllValues') return found === undefined || list(found).every(matches);
  if (quantifier === 'ForAnyValue') return found !== undefined && list(found).some(matches);
  return found !== undefined && list(found).every(matches);
}

const applies = (statement: Statement, request: AccessRequest): boolean =>
  list(statement.Action).some((action) => like(action, request.action, 'i')) &&
  list(statement.Resource).some((resource) => like(resource, request.resource)) &&
  Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, expected]) => conditionHolds(operator, key, list(expected), request)),
  );

export function isAllowed(policies: readonly PolicyDocument[], request: AccessRequest): boolean {
  const statements = policies.flatMap((policy) => policy.Statement).filter((statement) => applies(statement, request));
  return (
    statements.some((statement) => statement.Effect === 'Allow') &&
    !statements.some((statement) => statement.Effect === 'Deny')
  );
}
