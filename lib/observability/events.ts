import type { Stack } from 'aws-cdk-lib';
import * as dms from 'aws-cdk-lib/aws-dms';
import * as events from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import * as sns from 'aws-cdk-lib/aws-sns';
import { resourceName } from '../naming';
import { chatMessage } from './chat-message';

interface Props {
  readonly environment: string;
  readonly name: string;
  readonly topicArn: string;
  readonly taskArns: string[];
  readonly taskIdentifiers: string[];
  /** One of the ARNs is that of a serverless replication. */
  readonly isServerless: boolean;
}

/** Name of the rule that a failed task trips; an alarm counts its matches, since DMS has no metric of a task's state. */
export const taskFailedRuleName = (environment: string, name: string): string =>
  resourceName('cutover', environment, name, 'task-failed');

/** What happens by itself and must be told: a task that failed or stopped. Chat clients show alarms without our help. */
export function tellEvents(stack: Stack, props: Props): void {
  const { environment, name } = props;
  const topic = sns.Topic.fromTopicArn(stack, 'Topic', props.topicArn);
  const threadId = `${environment}-${name}`;
  const status = `node bin/cutover.js status ${name} --environment ${environment}`;
  const tell = (id: string, rule: Omit<events.RuleProps, 'targets'>, title: string, description: string) =>
    new events.Rule(stack, id, {
      ...rule,
      targets: [
        new SnsTopic(topic, {
          message: chatMessage({
            title,
            description,
            threadId,
            nextSteps: [`Run \`${status}\``],
            keywords: [environment, name],
          }),
        }),
      ],
    });
  // Serverless replications say nearly the same: REPLICATION_FAILED instead of REPLICATION_TASK_FAILED.
  const task = (what: 'FAILED' | 'STOPPED') => ({
    source: ['aws.dms'],
    detailType: props.isServerless ? events.Match.prefix('DMS Replication') : ['DMS Replication Task State Change'],
    resources: props.taskArns,
    detail: { eventType: [`REPLICATION_TASK_${what}`, ...(props.isServerless ? [`REPLICATION_${what}`] : [])] },
  });
  tell(
    'TaskFailed',
    { ruleName: taskFailedRuleName(environment, name), eventPattern: task('FAILED') },
    `${name}: a replication task failed`,
    events.EventField.fromPath('$.detail.detailMessage'),
  );
  tell(
    'TaskStopped',
    { eventPattern: task('STOPPED') },
    `${name}: a replication task stopped`,
    events.EventField.fromPath('$.detail.detailMessage'),
  );
  new dms.CfnEventSubscription(stack, 'DmsEvents', {
    subscriptionName: resourceName('cutover', environment, name),
    snsTopicArn: props.topicArn,
    sourceType: 'replication-task',
    sourceIds: props.taskIdentifiers,
    eventCategories: ['configuration change', 'creation', 'deletion', 'failure', 'state change'],
    enabled: true,
  });
}
