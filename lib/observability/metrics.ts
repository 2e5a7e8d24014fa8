import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

interface Named {
  readonly namespace: string;
  readonly dimensions: Record<string, string>;
}

export type MetricOf = (metricName: string, statistic?: string, label?: string) => cloudwatch.Metric;

const metricOf =
  ({ namespace, dimensions }: Named): MetricOf =>
  (metricName, statistic = 'Maximum', label) =>
    new cloudwatch.Metric({
      namespace,
      metricName,
      dimensionsMap: dimensions,
      statistic,
      period: Duration.minutes(1),
      ...(label === undefined ? {} : { label }),
    });

/**
 * Metrics of a DMS task carry the identifier of the instance and, as identifier of the task, the last segment of its ARN
 * (AWS DMS User Guide, "Monitoring"). The library's own defaults sum latencies up; only the maximum means something.
 */
export const taskMetric = (instanceIdentifier: string, taskArn: string): MetricOf =>
  metricOf({
    namespace: 'AWS/DMS',
    dimensions: {
      ReplicationInstanceIdentifier: instanceIdentifier,
      ReplicationTaskIdentifier: taskArn.slice(taskArn.lastIndexOf(':') + 1),
    },
  });

/** Metrics of the host are named by the last segment of the ARN of the instance; we chose both names alike. */
export const replicationHostMetric = (instanceIdentifier: string): MetricOf =>
  metricOf({ namespace: 'AWS/DMS', dimensions: { ReplicationInstanceExternalResourceId: instanceIdentifier } });

export const databaseMetric = (identifier: string, isCluster: boolean): MetricOf =>
  metricOf({
    namespace: 'AWS/RDS',
    dimensions: isCluster ? { DBClusterIdentifier: identifier } : { DBInstanceIdentifier: identifier },
  });

/** The largest of several metrics; those that are silent do not count, and if all are, nothing is there. */
export const largestOf = (metrics: cloudwatch.Metric[], label: string): cloudwatch.MathExpression =>
  new cloudwatch.MathExpression({
    expression: `MAX([${metrics.map((_, index) => `m${index}`).join(', ')}])`,
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
    period: Duration.minutes(1),
    label,
  });
