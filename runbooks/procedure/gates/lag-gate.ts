import type { World } from '../../ports/world';
import { no, quality, wouldCheck, yes, type Gate, type GateAnswer } from '../gate';
import type { LagObservation } from '../lag-observation';
import type { SwitchRun } from '../migration-run';

/** CloudWatch shows a period only after its end, so a figure may be this many periods old and still be the newest. */
const freshPeriods = 2;

/** Lag stayed below the limit for the whole window, by heartbeat and by DMS alike; disagreement or silence is a no. */
export const lagGate = ({ world, from, to, direction, notes }: SwitchRun): Gate =>
  quality('Lag has stayed low, by two independent signals', async (signal) => {
    const { maxLagSeconds: limit, lagWindowSeconds } = world.manifest.gates;
    const setting = 'gates.maxLagSeconds';
    const lag = notes.lag;
    if (!lag) {
      const beat = await to.flow.readHeartbeat(direction, signal);
      if (!beat) return wouldCheck('with heartbeats that the run writes');
      const age = ((await from.flow.engineClockMilliseconds(signal)) - beat.writtenAtMilliseconds) / 1000;
      return age <= limit ? yes(`last heartbeat ${age.toFixed(1)} s old`) : wouldCheck('the last heartbeat is old');
    }
    const worst = Math.max(...lag.heartbeatMilliseconds) / 1000;
    if (worst > limit) {
      const metric = lag.metric && `; DMS says ${metricSeconds(lag.metric)} s`;
      return no({
        code: 'lag-too-high',
        text: `a heartbeat took ${worst.toFixed(2)} s within the last ${lagWindowSeconds} s, ${limit} s are allowed${metric ?? ''}`,
        value: worst,
        limit,
        unit: 's',
        setting,
        next: 'cutover watch --execute',
      });
    }
    return metricAnswer(world, lag, worst);
  });

const metricSeconds = ({ sourceSeconds, targetSeconds }: { sourceSeconds: number; targetSeconds: number }) =>
  Math.max(sourceSeconds, targetSeconds);

/** The second signal: it must speak, speak of now, and not contradict the heartbeats. */
function metricAnswer(
  { manifest }: World,
  { metric, finishedAtMilliseconds }: LagObservation,
  worst: number,
): GateAnswer {
  const limit = manifest.gates.maxLagSeconds;
  const period = manifest.replication.metricPeriodSeconds;
  if (!metric)
    return no({
      code: 'lag-metric-silent',
      text: `DMS has published no CDCLatencySource and CDCLatencyTarget, one figure is due every ${period} s; silence is not zero`,
      value: 'none',
      limit: period,
      unit: 's',
      setting: 'replication.metricPeriodSeconds',
      next: 'cutover watch --execute',
    });
  const ageSeconds = (finishedAtMilliseconds - metric.measuredAtMilliseconds) / 1000;
  if (ageSeconds > freshPeriods * period)
    return no({
      code: 'lag-metric-frozen',
      text: `the newest CDCLatencySource and CDCLatencyTarget are ${ageSeconds.toFixed(1)} s old, ${freshPeriods * period} s (${freshPeriods} periods) are allowed; their ${metricSeconds(metric)} s say nothing about now`,
      value: Number(ageSeconds.toFixed(1)),
      limit: freshPeriods * period,
      unit: 's',
      setting: 'replication.metricPeriodSeconds',
      next: 'cutover watch --execute',
    });
  const said = metricSeconds(metric);
  if (said > limit)
    return no({
      code: 'lag-signals-disagree',
      text: `heartbeats say ${worst.toFixed(2)} s, DMS says ${said} s; ${limit} s are allowed by both`,
      value: said,
      limit,
      unit: 's',
      setting: 'gates.maxLagSeconds',
      next: 'cutover watch --execute',
    });
  return yes(`heartbeat at most ${(worst * 1000).toFixed(0)} ms, DMS ${said} s`);
}
