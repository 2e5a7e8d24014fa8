/** One synthesis of production serves everything that is asked of its templates. */
import { readFileSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { deriveEnvironment } from '../../definition/define-environment';
import type { Environment } from '../../definition/schema/environment';
import { environments } from '../../environments';
import { DeployedTemplates } from './deployed-template';
import { describeAccess } from './iam/access-suite';
import { replicationIntentions } from './intentions/replication';
import { routingIntentions } from './intentions/routing';
import { foundationIntentions, observabilityIntentions } from './intentions/shared';
import { clusterIntentions, targetDatabaseIntentions } from './intentions/target-database';
import { describeManifest } from './manifest-suite';
import { describeServerlessLoad } from './serverless-suite';
import { removeTemporaryFolders } from '../temporary-folder';
import { synthesise } from './synthesise';

const production = environments['production']!;
let deployed: DeployedTemplates;
let withChoices: DeployedTemplates;
beforeAll(() => {
  deployed = new DeployedTemplates(synthesise(production).stacks);
  const choices = deriveEnvironment(production, ({ migrations }) => {
    delete migrations['orders'];
    migrations['billing']!.records[0]!.replacesSimpleRecord = true;
    migrations['billing']!.replication.serverlessLoad = { minCapacityUnits: 2, maxCapacityUnits: 16 };
  });
  withChoices = new DeployedTemplates(synthesise(choices).stacks);
});
afterAll(removeTemporaryFolders);

const intentions = [
  ...targetDatabaseIntentions,
  ...clusterIntentions,
  ...replicationIntentions,
  ...routingIntentions,
  ...observabilityIntentions,
  ...foundationIntentions,
];

describe('what protects data', () => {
  it.each(intentions)('$stack: $title', ({ stack, holds }) => {
    holds(Template.fromJSON(deployed.stack(stack).template));
  });

  it.each(intentions)('is seen when it breaks: $stack: $title', ({ stack, holds, breaks }) => {
    const broken = structuredClone(deployed.stack(stack).template);
    breaks(broken);
    expect(() => holds(Template.fromJSON(broken as object))).toThrow();
  });
});

describe('the settings of the CDK', () => {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };

  it('hold every feature flag that a new application gets today', () => {
    expect(context).toMatchObject(CURRENTLY_RECOMMENDED_FLAGS);
    expect(Object.keys(CURRENTLY_RECOMMENDED_FLAGS).length).toBeGreaterThan(80);
  });
});

describe('weights', () => {
  const changes: Record<string, (environment: Environment) => void> = {
    'another TTL, other gates, another size': (environment) => {
      const { billing } = environment.migrations;
      billing!.records[0]!.ttlSeconds = 9;
      billing!.gates.maxLagSeconds = 1;
      billing!.target.instanceClass = 'r7g.large';
    },
    'other endpoints and set identifiers': (environment) => {
      const { billing } = environment.migrations;
      billing!.records[0]!.source = { endpoint: 'elsewhere.example.com', setIdentifier: 'a' };
      billing!.records[0]!.target = { endpoint: 'there.example.com', setIdentifier: 'b' };
    },
    'another zone and another source': (environment) => {
      environment.hostedZone.id = 'Z0ANOTHER';
      environment.migrations['billing']!.source.host = 'new.example.com';
    },
  };

  it.each(Object.keys(changes))('are not moved by a definition with %s', (name) => {
    const changed = synthesise(deriveEnvironment(production, changes[name]!));
    const template = changed.stacks.find((stack) => stack.name === 'billing-weights')?.template;
    expect(template).toEqual(deployed.stack('billing-weights').template);
  });
});

describeManifest(() => deployed);
describeAccess(
  () => deployed,
  () => withChoices,
);

describeServerlessLoad(
  () => withChoices,
  () => deployed,
);

describe('an environment with a network of its own', () => {
  const foundation = () => {
    const { stacks } = synthesise({ ...environments['development']!, migrations: {} });
    return Template.fromJSON(stacks.find((stack) => stack.name === 'foundation')!.template);
  };

  it('has no way from or to the internet, sees its traffic, and keeps its zone', () => {
    const template = foundation();
    for (const type of ['AWS::EC2::InternetGateway', 'AWS::EC2::NatGateway']) template.resourceCountIs(type, 0);
    template.resourceCountIs('AWS::EC2::FlowLog', 1);
    template.hasResourceProperties('AWS::EC2::Subnet', {
      AvailabilityZone: 'eu-central-1a',
      MapPublicIpOnLaunch: false,
    });
    template.hasResource('AWS::Route53::HostedZone', { DeletionPolicy: 'Retain' });
    template.hasOutput('SharedHostedZoneId', { Export: { Name: 'development-foundation:HostedZoneId' } });
  });
});
