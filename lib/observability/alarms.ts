import { Duration, type Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { resourceName } from '../naming';
import type { Watched } from './watched';

interface Props {
  readonly environment: string;
  readonly name: string;
  readonly watched: Watched[];
  readonly taskFailedRuleName: string;
  readonly topicArn: string;
}

const { GREATER_THAN_THRESHOLD, LESS_THAN_THRESHOLD } = cloudwatch.ComparisonOperator;
const { BREACHING, MISSING, NOT_BREACHING } = cloudwatch.TreatMissingData;

/** The one alarm that gates and bake read. */
export const compositeAlarmName = (environment: string, name: string): string =>
  resourceName('cutover', environment, name);

/** An alarm per watched thing, and the composite over all of them; only the composite notifies. */
export function alarms(stack: Stack, props: Props): cloudwatch.CompositeAlarm {
  const prefix = compositeAlarmName(props.environment, props.name);
  const each = props.watched.map(
    ({ id, metric, bad, threshold, meaning, silence }) =>
      new cloudwatch.Alarm(stack, `Alarm${id}`, {
        alarmName: `${prefix}-${id}`,
        alarmDescription: meaning,
        metric,
        threshold,
        comparisonOperator: bad === 'above' ? GREATER_THAN_THRESHOLD : LESS_THAN_THRESHOLD,
        evaluationPeriods: 5,
        datapointsToAlarm: 3,
        treatMissingData: silence === 'bad' ? BREACHING : MISSING,
      }),
  );
  const failed = new cloudwatch.Alarm(stack, 'AlarmTaskFailed', {
    alarmName: `${prefix}-TaskFailed`,
    alarmDescription: 'a replication task failed',
    metric: new cloudwatch.Metric({
      namespace: 'AWS/Events',
      metricName: 'TriggeredRules',
      dimensionsMap: { RuleName: props.taskFailedRuleName },
      statistic: 'Sum',
      period: Duration.minutes(1),
    }),
    threshold: 0,
    comparisonOperator: GREATER_THAN_THRESHOLD,
    evaluationPeriods: 15,
    datapointsToAlarm: 1,
    // The rule reports only when it matches: silence is what is hoped for.
    treatMissingData: NOT_BREACHING,
  });
  const composite = new cloudwatch.CompositeAlarm(stack, 'Alarm', {
    compositeAlarmName: prefix,
    alarmDescription: `Anything that speaks against a switch of ${props.name}; gates and bake read it`,
    alarmRule: cloudwatch.AlarmRule.anyOf(
      ...[...each, failed].map((alarm) => cloudwatch.AlarmRule.fromAlarm(alarm, cloudwatch.AlarmState.ALARM)),
    ),
  });
  const action = new SnsAction(sns.Topic.fromTopicArn(stack, 'AlarmTopic', props.topicArn));
  composite.addAlarmAction(action);
  composite.addOkAction(action);
  return composite;
}
