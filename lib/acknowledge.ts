import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Accepts one finding of any validator; `rule` is the id that the finding itself proposes. */
export function acknowledgeRule(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: rule, reason });
}

/**
 * Accepts findings of cdk-nag's AwsSolutions rules, each with its reason. Rules that report several findings per resource
 * (IAM4, IAM5) are accepted finding by finding: `IAM5[Action::s3:List*]`.
 */
export function acknowledge(construct: IConstruct, reasons: Record<string, string>): void {
  for (const [rule, reason] of Object.entries(reasons))
    Validations.of(construct).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });
}
