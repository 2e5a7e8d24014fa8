import { Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { buildManifest } from '../definition/manifest/build';
import type { Manifest } from '../definition/manifest/sections';
import type { Environment } from '../definition/schema/environment';
import type { Migration } from '../definition/schema/migration';
import type { CutoverStack } from './cutover-stack';
import { deployedFacts } from './deployed-facts';
import { FoundationStack } from './foundation/foundation-stack';
import { resourceName } from './naming';
import { ObservabilityStack } from './observability/observability-stack';
import { AccountRolesStack } from './replication/account-roles-stack';
import { ReplicationStack } from './replication/replication-stack';
import { RoutingStack } from './routing/routing-stack';
import { WeightsStack } from './routing/weights-stack';
import { RunbookAccessStack } from './runbook-access/runbook-access-stack';
import { TargetDatabaseStack } from './target-database/target-database-stack';

/** One environment: account and region are fixed, ids are never renamed. */
export class CutoverStage extends Stage {
  constructor(scope: Construct, environment: Environment) {
    super(scope, environment.name, { env: { account: environment.account, region: environment.region } });
    const foundation = new FoundationStack(this, environment);
    const roles = environment.dmsRoles === 'create-if-absent' ? new AccountRolesStack(this, environment) : undefined;
    for (const [name, migration] of Object.entries(environment.migrations))
      this.migration(environment, name, migration, foundation, roles);
  }

  private migration(
    environment: Environment,
    name: string,
    migration: Migration,
    foundation: FoundationStack,
    roles: AccountRolesStack | undefined,
  ): void {
    const weights = new WeightsStack(this, environment, name, migration);
    const target = new TargetDatabaseStack(this, environment, name, migration, foundation.network);
    const replication = new ReplicationStack(this, environment, name, migration, foundation, target);
    if (roles) replication.addStackDependency(roles);
    const stackNames = [
      foundation.stackName,
      target.stackName,
      replication.stackName,
      resourceName(environment.name, name, 'routing'),
    ];
    const facts = (consumer: CutoverStack) =>
      deployedFacts(consumer, { environment, name, migration, foundation, target, replication, stackNames });
    const routing = new RoutingStack(this, environment, {
      name,
      zoneId: (consumer) => foundation.hostedZone.idIn(consumer),
      records: (consumer) => (buildManifest(environment, name, facts(consumer)) as unknown as Manifest).routing.records,
    });
    // Parameters of type AWS::SSM::Parameter::Value are read when the stack is deployed: they must stand before.
    routing.addStackDependency(weights);
    new ObservabilityStack(this, environment, { name, migration, foundation, target, replication });
    // Not after the routing: the manifest is what a simple record is adopted by, before the routing can be deployed.
    const access = new RunbookAccessStack(this, environment, {
      name,
      migration,
      foundation,
      target,
      replication,
      facts,
    });
    // The manifest names the tasks, so they stand before it.
    access.addStackDependency(replication);
  }
}
