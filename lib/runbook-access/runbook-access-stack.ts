import { CfnOutput, Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { buildManifest } from '../../definition/manifest/build';
import type { DeployedFacts } from '../../definition/manifest/deployed-facts';
import type { Environment } from '../../definition/schema/environment';
import type { Migration } from '../../definition/schema/migration';
import { accountSecretName } from '../../definition/secret-names';
import { acknowledge } from '../acknowledge';
import { CutoverStack, tagMigration } from '../cutover-stack';
import type { FoundationStack } from '../foundation/foundation-stack';
import { resourceName } from '../naming';
import type { ReplicationStack } from '../replication/replication-stack';
import { secretArnPattern } from '../secret-arns';
import type { TargetDatabaseStack } from '../target-database/target-database-stack';
import { manifestParameters } from './manifest-parameters';
import {
  adoptingStatements,
  changingStatements,
  readingStatements,
  snapshotArns,
  type AccessScope,
} from './permissions';
import { runbookPrincipal } from './trust';

interface Props {
  readonly name: string;
  readonly migration: Migration;
  readonly foundation: FoundationStack;
  readonly target: TargetDatabaseStack;
  readonly replication: ReplicationStack;
  readonly facts: (stack: CutoverStack) => DeployedFacts;
}

/** Who may run the runbooks of a migration, with exactly what they do, and the manifest that they read. */
export class RunbookAccessStack extends CutoverStack {
  constructor(scope: Construct, environment: Environment, props: Props) {
    super(scope, resourceName(props.name, 'runbook-access'), environment, `roles and manifest of ${props.name}`);
    tagMigration(this, props.name);
    const { name, foundation } = props;
    this.addStackDependency(foundation);
    manifestParameters(this, environment.name, name, buildManifest(environment, name, props.facts(this)));

    const access = this.accessScope(environment, props);
    const role = (id: string, word: string, description: string, statements: iam.PolicyStatement[]) => {
      const roleName = resourceName('cutover', environment.name, name, word);
      const created = new iam.Role(this, id, {
        roleName,
        description,
        assumedBy: runbookPrincipal(this, environment),
        maxSessionDuration: Duration.hours(12),
      });
      const policy = new iam.ManagedPolicy(this, `${id}Policy`, { statements, roles: [created] });
      this.acknowledgeWildcards(policy, access);
      new CfnOutput(this, `${id}Arn`, { value: created.roleArn });
      return policy;
    };
    const reading = () => readingStatements(access);
    role('RunbookRole', 'runbook', `Runs the runbooks of ${name}`, [...reading(), ...changingStatements(access)]);
    const status = role('StatusRole', 'status', `Reads the state of ${name}, changes nothing in AWS`, reading());
    // Deleting is nobody's right for longer than it takes.
    if (access.adoptedNames.length > 0)
      role('AdoptionRole', 'adoption', `Turns simple records of ${name} into pairs`, adoptingStatements(access));
    // For the deploy role: what `cutover review --live` reads.
    new CfnOutput(this, 'StatusPolicyArn', { value: status.managedPolicyArn });
  }

  private accessScope(environment: Environment, props: Props): AccessScope {
    const { name, migration, foundation, target, replication } = props;
    const facts = props.facts(this);
    const all = Object.values(replication.tasks);
    const accounts = [...migration.accounts.write, ...migration.accounts.read];
    return {
      partition: this.partition,
      region: this.region,
      account: this.account,
      environment: environment.name,
      migration: name,
      zoneId: foundation.hostedZone.idIn(this),
      recordNames: migration.records.map((record) => record.name),
      adoptedNames: migration.records.filter((record) => record.replacesSimpleRecord).map((record) => record.name),
      taskArns: all.filter((task) => !task.isServerless).map((task) => task.arn),
      replicationConfigArns: all.filter((task) => task.isServerless).map((task) => task.arn),
      secretArns: [
        facts.source.runbookSecretId,
        facts.target.runbookSecretId,
        ...accounts.map((account) => account.secretId ?? accountSecretName(environment.name, name, account.name)),
      ].map((id) => secretArnPattern(this, id)),
      keyArns: [
        target.keyArn.in(this),
        ...(migration.source.secretKeyArn === undefined ? [] : [migration.source.secretKeyArn]),
      ],
      journalBucketArn: `arn:${this.partition}:s3:::${foundation.journalBucketName}`,
      topicArn: foundation.topicArn,
      topicKeyArn: foundation.topicKeyArn.in(this),
      sourceIdentifier: migration.source.instanceIdentifier,
      targetIdentifier: target.identifier,
      targetIsCluster: target.isCluster,
    };
  }

  /** Every wildcard is accepted by itself: one more in a policy fails the synthesis until somebody gives its reason. */
  private acknowledgeWildcards(policy: iam.ManagedPolicy, access: AccessScope): void {
    const own = 'ends a prefix that belongs to this migration alone';
    const { partition, region, account, environment, migration } = access;
    const ssm = `arn:${partition}:ssm:${region}:${account}:parameter/cutover/${environment}/${migration}`;
    acknowledge(policy, {
      'IAM5[Resource::*]': 'these Describe calls know no resources',
      [`IAM5[Resource::arn:${partition}:route53:::change/*]`]: 'a change has its number only after it was made',
      [`IAM5[Resource::${ssm}/manifest/*]`]: own,
      [`IAM5[Resource::${ssm}/weights/*]`]: own,
      [`IAM5[Resource::${access.journalBucketArn}/journal/${environment}/${migration}/*]`]: own,
      ...Object.fromEntries(
        snapshotArns(access).map((arn) => [`IAM5[Resource::${arn}]`, 'a snapshot is named when it is taken']),
      ),
    });
  }
}
