import { danger, resourceChanges, type DangerCheck } from '../stack-change';

interface Rule {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly peer: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));

const rule = (properties: Record<string, unknown>): Rule => ({
  protocol: text(properties['IpProtocol']),
  from: Number(properties['FromPort'] ?? 0),
  to: Number(properties['ToPort'] ?? 65_535),
  peer: ['CidrIp', 'CidrIpv6', 'SourceSecurityGroupId', 'DestinationSecurityGroupId', 'SourcePrefixListId']
    .filter((key) => properties[key] !== undefined)
    .map((key) => text(properties[key]))
    .join(' '),
});

const covers = (wide: Rule, narrow: Rule): boolean =>
  (wide.protocol === '-1' || wide.protocol === narrow.protocol) &&
  wide.from <= narrow.from &&
  wide.to >= narrow.to &&
  wide.peer === narrow.peer;

/** The rules that a resource holds: a group with its own, or a rule that stands alone. */
function rulesOf(properties: Record<string, unknown> | undefined, type: string, move: 'Ingress' | 'Egress'): Rule[] {
  if (type === `AWS::EC2::SecurityGroup${move}`) return properties ? [rule(properties)] : [];
  if (type !== 'AWS::EC2::SecurityGroup') return [];
  return ((properties?.[`SecurityGroup${move}`] as Record<string, unknown>[] | undefined) ?? []).map(rule);
}

export const networkDangers: DangerCheck = (change) => {
  if (!change.base) return [];
  return resourceChanges(change).flatMap((resource) =>
    (['Ingress', 'Egress'] as const).flatMap((move) => {
      const before = rulesOf(resource.old?.Properties, resource.type, move);
      const added = rulesOf(resource.new?.Properties, resource.type, move).filter(
        (one) => !before.some((old) => covers(old, one)),
      );
      return added.map((one) =>
        danger(
          change,
          'network-widened',
          resource.id,
          `${move.toLowerCase()} ${one.protocol} ${one.from}-${one.to}, ${one.peer}`,
        ),
      );
    }),
  );
};
