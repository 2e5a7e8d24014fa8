import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { portOf } from '../../definition/manifest/build';
import type { Environment } from '../../definition/schema/environment';
import type { Migration } from '../../definition/schema/migration';
import { acknowledge } from '../acknowledge';

/** The security groups of a migration: the database, and the two that it admits beside the application. */
export interface Peers {
  readonly database: ec2.SecurityGroup;
  readonly replication: ec2.SecurityGroup;
  readonly runbook: ec2.SecurityGroup;
}

const anywhere = ec2.Peer.anyIpv4();

export function peers(
  scope: Construct,
  vpc: ec2.IVpc,
  { network }: Environment,
  name: string,
  migration: Migration,
): Peers {
  const group = (id: string, description: string) =>
    new ec2.SecurityGroup(scope, id, { vpc, description: `${name}: ${description}`, allowAllOutbound: false });
  const database = group('DatabaseAccess', 'target database, admits the named peers only');
  const replication = group('ReplicationAccess', 'replication instance');
  const runbook = group('RunbookAccess', 'where the runbooks run');
  const targetPort = ec2.Port.tcp(portOf(migration, 'target'));
  const sourcePort = ec2.Port.tcp(portOf(migration, 'source'));

  for (const client of [replication, runbook]) {
    database.addIngressRule(client, targetPort, client === replication ? 'replication' : 'runbooks');
    client.addEgressRule(database, targetPort, 'target database');
    // The source may stand anywhere, also outside of AWS, where no security group can name it.
    client.addEgressRule(anywhere, sourcePort, 'source database');
    client.addEgressRule(anywhere, ec2.Port.tcp(443), 'AWS');
  }
  runbook.addEgressRule(anywhere, ec2.Port.udp(53), 'name servers of the zone');
  runbook.addEgressRule(anywhere, ec2.Port.tcp(53), 'name servers of the zone');
  network.clientSecurityGroupIds.forEach((id, index) => {
    const client = ec2.SecurityGroup.fromSecurityGroupId(scope, `Client${index + 1}`, id, { mutable: false });
    database.addIngressRule(client, targetPort, 'application');
  });
  for (const cidr of network.clientCidrs) database.addIngressRule(ec2.Peer.ipv4(cidr), targetPort, 'application');
  acknowledge(database, { EC23: 'admits named groups and the address ranges of the definition only' });
  return { database, replication, runbook };
}
