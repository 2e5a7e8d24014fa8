import { CfnOutput, Fn, type Stack } from 'aws-cdk-lib';

/**
 * A value that one stack knows and another needs: an export with a fixed name. While it is imported, CloudFormation refuses to
 * remove or change it, so a stack cannot be destroyed under another that lives on it.
 */
export class SharedValue {
  private readonly owner: Stack;
  private readonly value: string;
  private readonly exportName: string;

  constructor(owner: Stack, name: string, value: string) {
    this.owner = owner;
    this.value = value;
    this.exportName = `${owner.stackName}:${name}`;
    new CfnOutput(owner, `Shared${name}`, { value, exportName: this.exportName });
  }

  /** The value as `consumer` must write it. */
  in(consumer: Stack): string {
    if (consumer === this.owner) return this.value;
    consumer.addStackDependency(this.owner);
    return Fn.importValue(this.exportName);
  }
}
