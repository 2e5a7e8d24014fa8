/** One thing that is wrong in a definition, said so that its author can put it right. */
export interface Finding {
  /** Where: `migrations.billing.records[0].ttlSeconds`. */
  readonly path: string;
  /** What stands there; undefined when nothing does. */
  readonly value: unknown;
  readonly allowed: string;
  readonly why: string;
}

const shown = (value: unknown): string => {
  if (value === undefined) return '(absent)';
  const text = typeof value === 'function' ? 'a function' : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
};

const describeFinding = (finding: Finding): string =>
  [
    `  ${finding.path} = ${shown(finding.value)}`,
    `    allowed: ${finding.allowed}`,
    `    why:     ${finding.why}`,
  ].join('\n');

/** A definition that cannot be deployed; the message lists every finding, not only the first. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
  readonly findings: readonly Finding[];

  constructor(subject: string, findings: readonly Finding[]) {
    const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
    super(`${subject} is refused, ${count}:\n${findings.map(describeFinding).join('\n')}`);
    this.findings = findings;
  }
}
