import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Environment } from '../../definition/schema/environment';
import { acknowledge, acknowledgeRule } from '../acknowledge';
import { SharedValue } from '../shared-value';

/** The network as each stack sees it: the same VPC, by attributes. */
export interface Network {
  in(consumer: Stack): ec2.IVpc;
}

/** Subnets are only named here, and never routed: their route tables are not asked for. */
const imported = (vpc: ec2.IVpc): ec2.IVpc => {
  for (const subnet of vpc.privateSubnets)
    acknowledgeRule(subnet, 'Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId', 'nothing here reads the route table');
  return vpc;
};

const found = (consumer: Stack) => consumer.node.tryFindChild('Vpc') as ec2.IVpc | undefined;

/** A VPC without any route to the internet: databases and replication, and what they need of AWS through endpoints. */
function createdNetwork(owner: Stack, { network }: Environment): Network {
  const created = network.created;
  if (!created) throw new Error('the environment creates no network');
  const vpc = new ec2.Vpc(owner, 'Vpc', {
    ipAddresses: ec2.IpAddresses.cidr(created.cidr),
    availabilityZones: created.availabilityZones,
    natGateways: 0,
    subnetConfiguration: [{ name: 'Private', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 22 }],
    restrictDefaultSecurityGroup: false,
  });
  acknowledgeRule(vpc, 'CloudFormation-Validate::W3010', 'zones stand in the definition: a look-up needs credentials');
  // The same for the linter of CloudFormation, which reads it from the resource.
  for (const subnet of vpc.isolatedSubnets)
    (subnet.node.defaultChild as ec2.CfnSubnet).addMetadata('cfn-lint', { config: { ignore_checks: ['W3010'] } });
  const flowLogs = new logs.LogGroup(owner, 'VpcFlowLogs', {
    retention: logs.RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  vpc.addFlowLog('FlowLog', { destination: ec2.FlowLogDestination.toCloudWatchLogs(flowLogs) });
  const endpoints = new ec2.SecurityGroup(owner, 'EndpointAccess', {
    vpc,
    description: 'AWS interface endpoints of the migration network',
    allowAllOutbound: false,
  });
  endpoints.addIngressRule(ec2.Peer.ipv4(created.cidr), ec2.Port.tcp(443), 'from the migration network');
  // Its rule names the address range of the VPC itself, not the internet.
  acknowledge(endpoints, { EC23: 'admits the address range of its own VPC only' });
  for (const [id, service] of Object.entries({
    SecretsManager: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    CloudWatchLogs: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  }))
    vpc.addInterfaceEndpoint(id, { service, securityGroups: [endpoints], open: false });
  vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });

  const id = new SharedValue(owner, 'VpcId', vpc.vpcId);
  const subnets = vpc.isolatedSubnets.map(
    (subnet, index) => new SharedValue(owner, `PrivateSubnet${index + 1}`, subnet.subnetId),
  );
  return {
    in: (consumer) =>
      found(consumer) ??
      imported(
        ec2.Vpc.fromVpcAttributes(consumer, 'Vpc', {
          vpcId: id.in(consumer),
          vpcCidrBlock: created.cidr,
          availabilityZones: created.availabilityZones,
          privateSubnetIds: subnets.map((subnet) => subnet.in(consumer)),
        }),
      ),
  };
}

function existingNetwork({ network }: Environment): Network {
  const existing = network.existing;
  if (!existing) throw new Error('the environment has no network');
  return {
    in: (consumer) =>
      found(consumer) ??
      imported(
        ec2.Vpc.fromVpcAttributes(consumer, 'Vpc', {
          vpcId: existing.vpcId,
          vpcCidrBlock: existing.cidr,
          availabilityZones: existing.privateSubnets.map((subnet) => subnet.availabilityZone),
          privateSubnetIds: existing.privateSubnets.map((subnet) => subnet.id),
        }),
      ),
  };
}

export const networkOf = (owner: Stack, environment: Environment): Network =>
  environment.network.created ? createdNetwork(owner, environment) : existingNetwork(environment);
