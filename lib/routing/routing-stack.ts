import { CfnParameter, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import type { Environment } from '../../definition/schema/environment';
import type { RecordManifest, SideName } from '../../definition/manifest/sections';
import { CutoverStack, tagMigration } from '../cutover-stack';
import { logicalId, resourceName } from '../naming';

interface Props {
  readonly name: string;
  readonly zoneId: (stack: CutoverStack) => string;
  /** The records as the manifest has them, in the words of this stack. */
  readonly records: (stack: CutoverStack) => RecordManifest[];
}

/**
 * The weighted pairs. Each weight is read from its parameter at every deploy, so a deploy repeats what the runbooks decided.
 * No health checks: on a write record Route 53 would fail back to a stale side by itself.
 */
export class RoutingStack extends CutoverStack {
  constructor(scope: Construct, environment: Environment, { name, zoneId, records }: Props) {
    super(scope, resourceName(name, 'routing'), environment, `weighted records of ${name}`);
    tagMigration(this, name);
    for (const record of records(this))
      for (const side of ['source', 'target'] as const) this.route(record, side, zoneId(this));
  }

  private route(record: RecordManifest, side: SideName, hostedZoneId: string): void {
    const id = `${logicalId(record.name)}${logicalId(side)}`;
    const weight = new CfnParameter(this, `Weight${id}`, {
      type: 'AWS::SSM::Parameter::Value<String>',
      default: record[side].weightParameter,
      description: `Weight of the ${side} in ${record.name}, as the runbooks last set it`,
    });
    const resource = new route53.CfnRecordSet(this, `Record${id}`, {
      hostedZoneId,
      name: record.name,
      type: 'CNAME',
      ttl: String(record.ttlSeconds),
      setIdentifier: record[side].setIdentifier,
      weight: Token.asNumber(weight.value),
      resourceRecords: [record[side].value],
    });
    // Without the stack the name keeps answering: clients live on it.
    resource.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
}
