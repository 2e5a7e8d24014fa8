import type { Resource } from '../assembly';
import { danger, resourceChanges, type DangerCheck } from '../stack-change';

const silence: Record<string, number> = { breaching: 2, missing: 1, ignore: 0, notBreaching: 0 };

/** Why `now` rings later than `old`, if it does. */
function looser(old: Resource, now: Resource): string[] {
  const [before, after] = [old.Properties ?? {}, now.Properties ?? {}];
  const above = String(before['ComparisonOperator']).startsWith('Greater');
  const [from, to] = [Number(before['Threshold']), Number(after['Threshold'])];
  const quiet = (properties: Record<string, unknown>) =>
    silence[(properties['TreatMissingData'] ?? 'missing') as string] ?? 0;
  return [
    ...((above ? to > from : to < from) ? [`threshold ${from} → ${to}`] : []),
    ...(quiet(after) < quiet(before) ? ['silence would count for less'] : []),
    ...(before['ActionsEnabled'] !== false && after['ActionsEnabled'] === false ? ['it would tell nobody'] : []),
  ];
}

export const alarmDangers: DangerCheck = (change) =>
  resourceChanges(change).flatMap((resource) => {
    const { id, old, new: now } = resource;
    if (resource.type === 'AWS::CloudWatch::CompositeAlarm' && resource.difference.isRemoval)
      return [danger(change, 'alarm-loosened', id, 'the alarm that the gates read leaves the stack')];
    if (resource.type !== 'AWS::CloudWatch::Alarm' || !old) return [];
    if (!now) return [danger(change, 'alarm-loosened', id, 'the alarm leaves the stack')];
    return looser(old, now).map((why) => danger(change, 'alarm-loosened', id, why));
  });
