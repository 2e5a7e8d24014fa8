import type { Database } from '../../ports/database';
import type { World } from '../../ports/world';
import { no, quality, wouldCheck, yes, type Gate } from '../gate';
import type { SwitchRun } from '../migration-run';

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
    if (worst > limit)
      return no({
        code: 'lag-too-high',
        text: `a heartbeat took ${worst.toFixed(2)} s within the last ${lagWindowSeconds} s, ${limit} s are allowed`,
        value: worst,
        limit,
        unit: 's',
        setting,
        next: 'cutover watch',
      });
    if (!lag.metric)
      return no({
        code: 'lag-metric-silent',
        text: 'DMS has published no CDCLatencySource/CDCLatencyTarget of late; silence is not zero',
        limit,
        unit: 's',
        setting,
        next: 'look at the task’s metrics in CloudWatch',
      });
    const metricSeconds = Math.max(lag.metric.sourceSeconds, lag.metric.targetSeconds);
    if (metricSeconds > limit)
      return no({
        code: 'lag-signals-disagree',
        text: `heartbeats say ${worst.toFixed(2)} s, DMS says ${metricSeconds} s; ${limit} s are allowed by both`,
        value: metricSeconds,
        limit,
        unit: 's',
        setting,
        next: 'cutover watch',
      });
    return yes(`heartbeat at most ${(worst * 1000).toFixed(0)} ms, DMS ${metricSeconds} s`);
  });

/** The last full verification is clean and young enough, and nothing differed during the hold. */
export const verificationGate = (world: World, primary: Database): Gate =>
  quality('The data is proven equal', async (signal) => {
    const { maxVerificationAgeSeconds, consistencyHoldSeconds } = world.manifest.gates;
    const history = await primary.control.verifications(signal);
    const last = history.at(-1);
    if (!last)
      return no({
        code: 'never-verified',
        text: 'no full verification stands on record',
        setting: 'gates.maxVerificationAgeSeconds',
        next: 'cutover verify … --execute',
      });
    const now = await primary.flow.engineClockMilliseconds(signal);
    const ageSeconds = Math.round((now - last.finishedAtMilliseconds) / 1000);
    if (last.divergentRows > 0 || last.unverifiedTables.length > 0)
      return no({
        code: 'verification-not-clean',
        text: `the last verification found ${last.divergentRows} divergent rows${last.unverifiedTables.length > 0 ? ` and could not verify ${last.unverifiedTables.join(', ')}` : ''}`,
        value: last.divergentRows,
        limit: 0,
        unit: 'rows',
        next: 'repair, then cutover verify … --execute',
      });
    if (ageSeconds > maxVerificationAgeSeconds)
      return no({
        code: 'verification-too-old',
        text: `the last clean verification is ${ageSeconds} s old, ${maxVerificationAgeSeconds} s are allowed`,
        value: ageSeconds,
        limit: maxVerificationAgeSeconds,
        unit: 's',
        setting: 'gates.maxVerificationAgeSeconds',
        next: 'cutover verify … --execute',
      });
    const lastDirty = history.filter((each) => each.divergentRows > 0).at(-1);
    const cleanSince = history.find(
      (each) => !lastDirty || each.finishedAtMilliseconds > lastDirty.finishedAtMilliseconds,
    );
    const heldSeconds = cleanSince ? Math.round((now - cleanSince.finishedAtMilliseconds) / 1000) : 0;
    if (heldSeconds < consistencyHoldSeconds)
      return no({
        code: 'consistency-not-held',
        text: `consistent for ${heldSeconds} s, ${consistencyHoldSeconds} s are asked for`,
        value: heldSeconds,
        limit: consistencyHoldSeconds,
        unit: 's',
        setting: 'gates.consistencyHoldSeconds',
        next: 'wait, verify again, then switch',
      });
    return yes(`${last.rows} rows, ${ageSeconds} s ago`);
  });
