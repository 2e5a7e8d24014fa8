import { fullDiff, type ResourceDifference, type TemplateDiff } from '@aws-cdk/cloudformation-diff';
import type { Resource, SynthesisedStack } from './assembly';
import type { Danger, DangerKind } from './danger';

/** What a deploy would do to one stack. */
export interface StackChange {
  readonly environment: string;
  readonly stack: string;
  readonly base: SynthesisedStack | undefined;
  readonly head: SynthesisedStack | undefined;
  readonly diff: TemplateDiff;
}

export interface ResourceChange {
  readonly id: string;
  readonly type: string;
  readonly old: Resource | undefined;
  readonly new: Resource | undefined;
  readonly difference: ResourceDifference;
}

/** Looks at one stack and names the dangers of one sort. */
export type DangerCheck = (change: StackChange) => Danger[];

export const stackChange = (base: SynthesisedStack | undefined, head: SynthesisedStack | undefined): StackChange => ({
  environment: (head ?? base)?.environment ?? '',
  stack: (head ?? base)?.name ?? '',
  base,
  head,
  diff: fullDiff(base?.template ?? {}, head?.template ?? {}),
});

export const resourceChanges = ({ diff }: StackChange): ResourceChange[] =>
  Object.entries(diff.resources.changes).map(([id, difference]) => ({
    id,
    type: difference.oldResourceType ?? difference.newResourceType ?? '',
    old: difference.oldValue,
    new: difference.newValue,
    difference,
  }));

/** Properties that differ, without tags: a tag changes nothing but the bill. */
export const changedProperties = ({ difference }: ResourceChange): string[] =>
  Object.entries(difference.propertyUpdates)
    .filter(([name, update]) => name !== 'Tags' && update.isDifferent)
    .map(([name]) => name);

export const isReplaced = ({ difference }: ResourceChange): boolean =>
  difference.isUpdate &&
  (difference.resourceTypeChanged || ['WILL_REPLACE', 'MAY_REPLACE'].includes(difference.changeImpact));

export const danger = (change: StackChange, kind: DangerKind, subject: string, detail: string): Danger => ({
  kind,
  environment: change.environment,
  stack: change.stack,
  subject,
  detail,
});
