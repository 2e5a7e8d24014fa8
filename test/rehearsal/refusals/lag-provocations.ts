import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from './stage';

const patienceMilliseconds = 30_000;

/** Every transaction of the target waits for so long; 0 ends it. */
export const delayApply = (stage: Stage, milliseconds: number) =>
  stage.fault({ kind: 'replicator', fault: { kind: 'delay-apply', milliseconds } });

export const metrics = (stage: Stage, mode: 'absent' | 'frozen' | 'normal') => stage.fault({ kind: 'metrics', mode });

/** The largest CDCLatencyTarget of the load task among the newest figures. */
async function newestLatency(client: CloudWatchClient): Promise<number> {
  const now = Date.now();
  const answer = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - 3_000),
      EndTime: new Date(now),
      MetricDataQueries: [
        {
          Id: 'latency',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/DMS',
              MetricName: 'CDCLatencyTarget',
              Dimensions: [
                { Name: 'ReplicationInstanceIdentifier', Value: 'cutover-rehearsal' },
                { Name: 'ReplicationTaskIdentifier', Value: 'CUTOVERLOAD' },
              ],
            },
            Period: 1,
            Stat: 'Maximum',
          },
        },
      ],
    }),
  );
  return answer.MetricDataResults?.[0]?.Values?.[0] ?? 0;
}

/** Freezes the metric at a figure above the given one, which replication behind its time has made. */
export async function freezeAbove(stage: Stage, seconds: number): Promise<void> {
  const client = new CloudWatchClient(stage.awsSettings);
  try {
    for (const deadline = Date.now() + patienceMilliseconds; (await newestLatency(client)) <= seconds; await sleep(100))
      if (Date.now() > deadline) throw new Error(`the latency did not rise above ${seconds} s`);
    await metrics(stage, 'frozen');
  } finally {
    client.destroy();
  }
}

/** Everything that was committed until now stands on the target. */
export async function untilCaughtUp(stage: Stage): Promise<void> {
  await stage.sql('source', `UPDATE public.owners SET tags = ARRAY['caught up'] WHERE id = 7`);
  const isApplied = `SELECT tags[1] = 'caught up' AS applied FROM public.owners WHERE id = 7`;
  for (const deadline = Date.now() + patienceMilliseconds; ; await sleep(50)) {
    if ((await stage.sql('target', isApplied))[0]?.['applied'] === true) return;
    if (Date.now() > deadline) throw new Error('the target did not catch up');
  }
}
