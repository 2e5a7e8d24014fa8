import type { Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { resourceName } from '../naming';
import { databaseMetric, replicationHostMetric, taskMetric } from './metrics';
import type { Watched } from './watched';

interface Props {
  readonly environment: string;
  readonly name: string;
  readonly composite: cloudwatch.IAlarm;
  readonly watched: Watched[];
  readonly instanceIdentifier: string;
  readonly tasks: Record<string, string>;
  readonly target: { readonly identifier: string; readonly isCluster: boolean };
  readonly maxLagSeconds: number;
}

/** The page of a migration for the person on call: is it well, how far behind is it, what fills up. */
export function dashboard(stack: Stack, props: Props): void {
  const { environment, name } = props;
  const host = replicationHostMetric(props.instanceIdentifier);
  const database = databaseMetric(props.target.identifier, props.target.isCluster);
  const perTask = (metricName: string, statistic = 'Maximum') =>
    Object.entries(props.tasks).map(([task, arn]) =>
      taskMetric(props.instanceIdentifier, arn)(metricName, statistic, task),
    );
  const gate: cloudwatch.HorizontalAnnotation = {
    value: props.maxLagSeconds,
    label: 'gate',
    color: cloudwatch.Color.RED,
  };
  const graph = (title: string, left: cloudwatch.IMetric[], options: Partial<cloudwatch.GraphWidgetProps> = {}) =>
    new cloudwatch.GraphWidget({ title, left, width: 8, height: 6, leftYAxis: { min: 0 }, ...options });
  const ofId = (id: string) => props.watched.filter((one) => one.id.endsWith(id)).map((one) => one.metric);

  new cloudwatch.Dashboard(stack, 'Dashboard', {
    dashboardName: resourceName('cutover', environment, name),
    widgets: [
      [
        new cloudwatch.TextWidget({
          markdown: `# ${name} (${environment})\nState: \`node bin/cutover.js status ${name} --environment ${environment}\`. Before a switch every lag is below the red line; a lag of zero is no proof that nothing waits.`,
          width: 16,
          height: 3,
        }),
        new cloudwatch.AlarmStatusWidget({ title: 'Gates read this', alarms: [props.composite], width: 8, height: 3 }),
      ],
      [
        graph('Latency, source (seconds)', perTask('CDCLatencySource'), { leftAnnotations: [gate] }),
        graph('Latency, target (seconds)', perTask('CDCLatencyTarget'), { leftAnnotations: [gate] }),
        graph('Changes that wait for apply', perTask('CDCIncomingChanges')),
      ],
      [
        graph('Changes on the disk of the replication (rows)', [
          ...perTask('CDCChangesDiskSource'),
          ...perTask('CDCChangesDiskTarget'),
        ]),
        graph('Memory and swap of the replication (bytes)', [host('FreeableMemory', 'Minimum'), host('SwapUsage')]),
        graph('Disk of the replication (bytes)', [host('FreeStorageSpace', 'Minimum')]),
      ],
      [
        graph('CPU of the target (%)', [database('CPUUtilization', 'Average')], { leftYAxis: { min: 0, max: 100 } }),
        graph('Connections of the target', [database('DatabaseConnections')]),
        graph('Commit and write latency of the target', [
          database(props.target.isCluster ? 'CommitLatency' : 'WriteLatency', 'Average'),
        ]),
      ],
      [
        graph('Log that is kept for readers (bytes)', ofId('RetainedLog')),
        graph('Room on the target (bytes)', ofId('TargetStorage')),
        graph('Rows loaded per second', perTask('FullLoadThroughputRowsTarget', 'Average')),
      ],
    ],
  });
}
