import { crossFindings } from './checks/all';
import { weightsAreNotDefined } from './checks/weights';
import { DefinitionError } from './definition-error';
import { environmentSchema, type Environment, type EnvironmentInput } from './schema/environment';
import { schemaFindings } from './schema-findings';

const subject = (input: unknown): string => {
  const name = (input as { name?: unknown } | null | undefined)?.name;
  return typeof name === 'string' ? `environment "${name}"` : 'the environment';
};

/**
 * Checks an environment and fills in the documented defaults (docs/settings.md). All durations are in seconds.
 * The result is plain data and itself a valid input, so another environment can be derived from it.
 * @throws DefinitionError with every finding: path, value, what is allowed and why.
 */
export function defineEnvironment(input: EnvironmentInput): Environment {
  const weights = weightsAreNotDefined(input);
  const parsed = environmentSchema.safeParse(input);
  if (!parsed.success) {
    const shape = schemaFindings(environmentSchema, input, parsed.error.issues);
    const said = new Set(weights.map((finding) => finding.path));
    throw new DefinitionError(subject(input), [...weights, ...shape.filter((finding) => !said.has(finding.path))]);
  }
  const findings = crossFindings(parsed.data);
  if (findings.length > 0) throw new DefinitionError(subject(input), findings);
  return parsed.data;
}

/**
 * Another environment from a defined one: `change` edits a copy, which is then checked like any other.
 * @throws DefinitionError as defineEnvironment.
 */
export function deriveEnvironment(base: Environment, change: (draft: Environment) => void): Environment {
  const draft = structuredClone(base);
  change(draft);
  return defineEnvironment(draft);
}
