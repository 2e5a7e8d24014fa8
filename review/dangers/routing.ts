import type { Template } from '../assembly';
import { danger, resourceChanges, type DangerCheck, type ResourceChange } from '../stack-change';

const parameterType = 'AWS::SSM::Parameter::Value<String>';
const isWeightPath = (value: unknown): boolean => typeof value === 'string' && value.includes('/weights/');

/** The parameter that a record takes its weight from; undefined where the template itself sets the weight. */
function weightParameter(template: Template | undefined, properties: Record<string, unknown> | undefined) {
  const reference = (properties?.['Weight'] as { Ref?: string } | undefined)?.Ref;
  const parameter = reference === undefined ? undefined : template?.Parameters?.[reference];
  return parameter?.Type === parameterType ? parameter.Default : undefined;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Weights must come from where the runbooks write them; the name of a parameter is part of that. */
export const weightDangers: DangerCheck = (change) => {
  const before = change.base?.template.Resources ?? {};
  const records = Object.entries(change.head?.template.Resources ?? {}).flatMap(([id, resource]) => {
    if (resource.Type !== 'AWS::Route53::RecordSet' || resource.Properties?.['SetIdentifier'] === undefined) return [];
    const parameter = weightParameter(change.head?.template, resource.Properties);
    const was = before[id] ? weightParameter(change.base?.template, before[id].Properties) : parameter;
    if (!isWeightPath(parameter))
      return same(before[id]?.Properties?.['Weight'], resource.Properties['Weight']) && before[id]
        ? []
        : [
            danger(
              change,
              'weights-taken',
              id,
              'the template sets the weight instead of the parameter of the runbooks',
            ),
          ];
    return was === parameter
      ? []
      : [danger(change, 'weights-taken', id, `the weight comes from ${String(parameter)}, not from ${String(was)}`)];
  });
  const parameters = resourceChanges(change).flatMap((resource) => {
    const name = resource.old?.Properties?.['Name'];
    if (resource.type !== 'AWS::SSM::Parameter' || !isWeightPath(name)) return [];
    const differs = ['Name', 'Value', 'Type'].some(
      (property) => !same(resource.old?.Properties?.[property], resource.new?.Properties?.[property]),
    );
    return resource.difference.isRemoval || differs
      ? [danger(change, 'weights-taken', resource.id, `the parameter ${String(name)} would be written by a deploy`)]
      : [];
  });
  return [...records, ...parameters];
};

function recordDangers(change: Parameters<DangerCheck>[0], resource: ResourceChange) {
  const { id } = resource;
  const before = resource.old?.Properties ?? {};
  const after = resource.new?.Properties ?? {};
  if (resource.difference.isRemoval)
    return [danger(change, 'record-removed', id, `${String(before['Name'])} loses ${String(before['SetIdentifier'])}`)];
  const ttl = [Number(before['TTL']), Number(after['TTL'])] as const;
  return [
    ...(same(before['SetIdentifier'], after['SetIdentifier'])
      ? []
      : [
          danger(
            change,
            'weights-taken',
            id,
            'another set identifier: the answer that the runbooks weigh would be left behind',
          ),
        ]),
    ...(same(before['Name'], after['Name'])
      ? []
      : [danger(change, 'record-removed', id, `${String(before['Name'])} is renamed`)]),
    ...(same(before['ResourceRecords'], after['ResourceRecords'])
      ? []
      : [
          danger(
            change,
            'route-changed',
            id,
            `${JSON.stringify(before['ResourceRecords'])} → ${JSON.stringify(after['ResourceRecords'])}`,
          ),
        ]),
    ...(ttl[1] > ttl[0] ? [danger(change, 'ttl-raised', id, `${ttl[0]} → ${ttl[1]} seconds`)] : []),
    ...(before['HealthCheckId'] === undefined && after['HealthCheckId'] !== undefined
      ? [danger(change, 'health-check-added', id, 'a health check on a weighted record')]
      : []),
  ];
}

export const routingDangers: DangerCheck = (change) =>
  resourceChanges(change)
    .filter((resource) => resource.type === 'AWS::Route53::RecordSet' && resource.old !== undefined)
    .flatMap((resource) => recordDangers(change, resource));
