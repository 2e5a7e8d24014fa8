import type { MetricAlarm, StateValue } from '@aws-sdk/client-cloudwatch';
import type { Aggregate, MetricStore } from './metric-store';

const comparisons: Record<string, (value: number, threshold: number) => boolean> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/**
 * The state that an alarm's metric gives it over the closed periods before `now`, or undefined if the alarm watches no
 * single metric. Missing periods count as `TreatMissingData` says (CloudWatch user guide, "Configuring how CloudWatch
 * alarms treat missing data").
 */
export function evaluate(alarm: MetricAlarm, metrics: MetricStore, now: number): StateValue | undefined {
  const { MetricName, Period, EvaluationPeriods, Threshold, ComparisonOperator, Statistic } = alarm;
  const breaches = comparisons[ComparisonOperator ?? ''];
  if (MetricName === undefined || Period === undefined || EvaluationPeriods === undefined || Threshold === undefined) {
    return undefined;
  }
  if (breaches === undefined || Statistic === undefined) return undefined;
  const end = Math.floor(now / (Period * 1000)) * Period * 1000;
  const start = end - EvaluationPeriods * Period * 1000;
  const values = metrics.aggregate(alarm, start, end, Period).map((aggregate: Aggregate) => aggregate[Statistic]);

  const missing = EvaluationPeriods - values.length;
  const treatment = alarm.TreatMissingData ?? 'missing';
  if (values.length === 0 && treatment === 'missing') return 'INSUFFICIENT_DATA';
  if (values.length === 0 && treatment === 'ignore') return alarm.StateValue;
  const breaching =
    values.filter((value) => breaches(value, Threshold)).length + (treatment === 'breaching' ? missing : 0);
  return breaching >= (alarm.DatapointsToAlarm ?? EvaluationPeriods) ? 'ALARM' : 'OK';
}
