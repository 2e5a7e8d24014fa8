import type { EnvironmentCheck } from './check';

export const oneNetwork: EnvironmentCheck = ({ network }) =>
  (network.existing === undefined) === (network.created === undefined)
    ? [
        {
          path: 'network',
          value: Object.keys(network),
          allowed: 'either existing or created',
          why: 'the target lives in exactly one VPC',
        },
      ]
    : [];

export const existingSubnetsSpanZones: EnvironmentCheck = ({ network }) => {
  const zones = network.existing?.privateSubnets.map((subnet) => subnet.availabilityZone);
  return zones && new Set(zones).size < 2
    ? [
        {
          path: 'network.existing.privateSubnets',
          value: zones,
          allowed: 'subnets in two zones or more',
          why: 'RDS and DMS refuse subnet groups that cover one zone only',
        },
      ]
    : [];
};
