import { z } from 'zod';
import { text } from './words';

const subnet = z.strictObject({
  id: z
    .string()
    .regex(/^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/, 'a subnet id (subnet- and 8 or 17 hexadecimal digits)')
    .describe('the subnet'),
  availabilityZone: text.describe('zone of the subnet, as `eu-central-1a`'),
});

const existing = z.strictObject({
  vpcId: z
    .string()
    .regex(/^vpc-([0-9a-f]{8}|[0-9a-f]{17})$/, 'a VPC id (vpc- and 8 or 17 hexadecimal digits)')
    .describe('the VPC that the target shall live in'),
  cidr: z
    .string()
    .regex(/^\d+\.\d+\.\d+\.\d+\/\d+$/, 'a CIDR block')
    .describe('address range of the VPC'),
  privateSubnets: z
    .array(subnet)
    .min(2, 'two subnets or more, in different zones: RDS and DMS subnet groups need two zones')
    .describe('subnets without a route from the internet'),
});

const created = z.strictObject({
  cidr: z
    .string()
    .regex(/^\d+\.\d+\.\d+\.\d+\/\d+$/, 'a CIDR block')
    .default('10.60.0.0/16')
    .describe('address range of the VPC that is created'),
  availabilityZones: z
    .array(text)
    .min(2, 'two zones or more')
    .describe('written down because a look-up would need credentials at synth'),
});

export const networkSchema = z.strictObject({
  existing: existing.optional().describe('a VPC that stands already'),
  created: created.optional().describe('a VPC of its own for the target and the replication'),
  clientSecurityGroupIds: z
    .array(
      z.string().regex(/^sg-([0-9a-f]{8}|[0-9a-f]{17})$/, 'a security group id (sg- and 8 or 17 hexadecimal digits)'),
    )
    .default([])
    .describe(
      'security groups of the application: the only clients, beside replication and runbooks, that the target admits',
    ),
  clientCidrs: z
    .array(z.string().regex(/^\d+\.\d+\.\d+\.\d+\/\d+$/, 'a CIDR block'))
    .default([])
    .describe('address ranges of clients without a security group here (on premises)'),
});

export const hostedZoneSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a zone name, without the last dot')
    .describe('name of the zone'),
  id: z
    .string()
    .regex(/^Z[A-Z0-9]+$/, 'a hosted zone id (Z...)')
    .optional()
    .describe('absent: the zone is created'),
  visibility: z
    .enum(['public', 'private'])
    .default('private')
    .describe('a private zone is answered only by the resolvers of its VPCs'),
  authoritativeServers: z
    .array(z.string().regex(/^\S+:\d+$/, 'host:port'))
    .default([])
    .describe('name servers of a public zone, asked directly; empty for a private zone'),
  resolver: z
    .string()
    .regex(/^\S+:\d+$/, 'host:port')
    .optional()
    .describe('the resolver that clients use; absent: that of the computer that runs the procedure'),
});
