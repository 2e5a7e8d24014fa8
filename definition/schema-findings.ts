import type { z } from 'zod';
import type { Finding } from './definition-error';

type Path = readonly PropertyKey[];

const pathText = (path: Path): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '') || '(the definition)';

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, part) => (at as Record<PropertyKey, unknown> | null | undefined)?.[part], value);

interface Inspectable {
  readonly description?: string;
  readonly def: {
    readonly type: string;
    readonly innerType?: Inspectable;
    readonly shape?: Record<string, Inspectable>;
    readonly element?: Inspectable;
    readonly valueType?: Inspectable;
  };
}

/** The description that stands nearest to `path` in the schema: why a setting is there is why it is checked. */
function descriptionOf(schema: z.ZodType, path: Path): string | undefined {
  let at: Inspectable | undefined = schema;
  let found: string | undefined;
  const unwrap = () => {
    for (;;) {
      found = at?.description ?? found;
      if (!at?.def.innerType) return;
      at = at.def.innerType;
    }
  };
  unwrap();
  for (const part of path) {
    const outer: Inspectable | undefined = at;
    at = outer?.def.shape?.[String(part)] ?? outer?.def.element ?? outer?.def.valueType;
    if (!at) break;
    unwrap();
  }
  return found;
}

/** Of a union, the branch that came nearest is the one that its author meant. */
function nearest(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const branches = issue.errors.filter((branch) => branch.length > 0).toSorted((a, b) => a.length - b.length);
  const branch = branches[0];
  if (!branch) return [issue];
  return branch.flatMap((inner) => nearest({ ...inner, path: [...issue.path, ...inner.path] }));
}

const allowedBy = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'invalid_value') return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
  if (issue.code === 'unrecognized_keys') return 'only the settings that docs/settings.md lists';
  if (issue.code === 'invalid_type') return `a value of type ${issue.expected}`;
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  return issue.message;
};

/** What zod found, as findings with the value that stands there. */
export function schemaFindings(schema: z.ZodType, input: unknown, issues: readonly z.core.$ZodIssue[]): Finding[] {
  return issues.flatMap(nearest).flatMap((issue): Finding[] => {
    const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    return paths.map((path) => ({
      path: pathText(path),
      value: issue.code === 'invalid_key' ? path.at(-1) : valueAt(input, path),
      allowed: allowedBy(issue),
      why:
        issue.code === 'unrecognized_keys'
          ? 'a setting that nobody reads would be believed and have no effect'
          : (descriptionOf(schema, path) ?? 'it is needed to deploy and run the migration'),
    }));
  });
}
