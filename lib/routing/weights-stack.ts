import { RemovalPolicy } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { weightPath } from '../../definition/manifest/parameter-paths';
import type { SideName } from '../../definition/manifest/sections';
import type { Environment } from '../../definition/schema/environment';
import type { Migration } from '../../definition/schema/migration';
import { CutoverStack, tagMigration } from '../cutover-stack';
import { logicalId, resourceName } from '../naming';

/** Every record starts on the source. A constant: no definition can say otherwise, so no deploy can move traffic. */
const initialWeights: Record<SideName, string> = { source: '255', target: '0' };

/**
 * The parameters that own the weights. From here on the runbooks write them, together with Route 53. CloudFormation sends a
 * parameter again only when its template changes, and these templates never do.
 */
export class WeightsStack extends CutoverStack {
  constructor(scope: Construct, environment: Environment, name: string, migration: Migration) {
    super(scope, resourceName(name, 'weights'), environment, `weights of ${name}, owned by the runbooks`);
    tagMigration(this, name);
    for (const record of migration.records)
      for (const side of ['source', 'target'] as const) {
        const parameter = new ssm.CfnParameter(this, `Weight${logicalId(record.name)}${logicalId(side)}`, {
          name: weightPath(environment.name, name, record.name, side),
          type: 'String',
          value: initialWeights[side],
          allowedPattern: '^([0-9]{1,2}|1[0-9]{2}|2[0-4][0-9]|25[0-5])$',
          description: `Weight of the ${side} in ${record.name}. Written by the runbooks only.`,
        });
        parameter.applyRemovalPolicy(RemovalPolicy.RETAIN);
      }
  }
}
