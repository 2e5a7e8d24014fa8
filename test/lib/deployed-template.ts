import type { Resource, SynthesisedStack } from '../../review/assembly';

/** Resolves what CloudFormation would resolve: references within a stack and imports between stacks, as recognisable texts. */
export class DeployedTemplates {
  private readonly stacks: ReadonlyMap<string, SynthesisedStack>;
  private readonly exports = new Map<string, { stack: string; value: unknown }>();

  constructor(stacks: readonly SynthesisedStack[]) {
    this.stacks = new Map(stacks.map((stack) => [stack.name, stack]));
    for (const { name, template } of stacks) {
      const outputs = (template as { Outputs?: Record<string, { Value: unknown; Export?: { Name: string } }> }).Outputs;
      for (const output of Object.values(outputs ?? {}))
        if (output.Export) this.exports.set(output.Export.Name, { stack: name, value: output.Value });
    }
  }

  stack(name: string): SynthesisedStack {
    const stack = this.stacks.get(name);
    if (!stack) throw new Error(`no stack ${name}; there are ${[...this.stacks.keys()].join(', ')}`);
    return stack;
  }

  resources(stack: string, type: string): Resource[] {
    return Object.values(this.stack(stack).template.Resources ?? {})
      .filter((resource) => resource.Type === type)
      .map((resource) => this.resolve(resource, stack) as Resource);
  }

  resolve(value: unknown, stack: string): unknown {
    if (Array.isArray(value)) return value.map((one) => this.resolve(one, stack));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value as Record<string, unknown>);
    const [first] = entries;
    if (entries.length === 1 && first) {
      const [name, argument] = first;
      if (name === 'Ref') return this.reference(String(argument), stack);
      if (name === 'Fn::GetAtt') return `${stack}/${(argument as string[]).join('.')}`;
      if (name === 'Fn::ImportValue') return this.imported(String(argument));
      if (name === 'Fn::Join') {
        const [separator, parts] = argument as [string, unknown[]];
        return (this.resolve(parts, stack) as string[]).join(separator);
      }
      if (name.startsWith('Fn::')) throw new Error(`${name} is not resolved here`);
    }
    return Object.fromEntries(entries.map(([key, one]) => [key, this.resolve(one, stack)]));
  }

  private reference(name: string, stack: string): string {
    const pseudo: Record<string, string> = { 'AWS::Partition': 'aws', 'AWS::StackName': `production-${stack}` };
    const parameter = this.stack(stack).template.Parameters?.[name];
    return pseudo[name] ?? (parameter ? `value of ${String(parameter.Default)}` : `${stack}/${name}`);
  }

  private imported(name: string): unknown {
    const found = this.exports.get(name);
    if (!found) throw new Error(`nobody exports ${name}`);
    return this.resolve(found.value, found.stack);
  }
}
