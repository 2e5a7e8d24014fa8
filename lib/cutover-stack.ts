import { Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Environment } from '../definition/schema/environment';

/** What every stack of an environment has in common. */
export class CutoverStack extends Stack {
  readonly environmentDefinition: Environment;

  constructor(scope: Construct, id: string, environment: Environment, description: string) {
    super(scope, id, {
      env: { account: environment.account, region: environment.region },
      description: `Cutover, ${environment.name}: ${description}`,
      terminationProtection: environment.kind === 'production',
      tags: { 'cutover:environment': environment.name, ...environment.tags },
    });
    this.environmentDefinition = environment;
  }

  /** Zones come from the definition: a stack with a fixed account would look them up, which needs credentials. */
  override get availabilityZones(): string[] {
    const { existing, created } = this.environmentDefinition.network;
    return [
      ...new Set(created?.availabilityZones ?? existing?.privateSubnets.map((subnet) => subnet.availabilityZone)),
    ];
  }
}

/** Marks what belongs to a migration, so that cost reports can tell migrations apart. */
export const tagMigration = (stack: Stack, migration: string): void => {
  Tags.of(stack).add('cutover:migration', migration);
};
