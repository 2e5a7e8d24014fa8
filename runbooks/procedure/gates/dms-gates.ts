import type { Direction } from '../../../definition/manifest/sections';
import { waivedFor } from '../../../definition/replication/selected-tables';
import type { ReplicationWorld } from '../../ports/replication-world';
import { no, quality, wouldCheck, yes, type Gate } from '../gate';
import { runningTask } from '../migration-run';

/** CloudWatch shows a period only after its end, so a figure may be this many periods old and still be the newest. */
const freshPeriods = 2;

/** Both latencies are low now. Alone this proves no drain: DMS says zero, too, when it has read nothing new. */
export const latencyGate = (world: ReplicationWorld, direction: Direction): Gate =>
  quality('DMS says that it is not behind', async (signal) => {
    const task = await runningTask(world, direction, signal);
    if (!task) return wouldCheck('once the task runs');
    const { gates, replication } = world.manifest;
    const period = replication.metricPeriodSeconds;
    const found = await task.latency(signal);
    const ageSeconds = found && (world.clock.nowMilliseconds() - found.measuredAtMilliseconds) / 1000;
    if (!found || ageSeconds === undefined || ageSeconds > freshPeriods * period)
      return no({
        code: 'lag-metric-silent',
        text: `DMS has published no latency of ${task.identifier} for ${ageSeconds === undefined ? `ten periods of ${period}` : Math.round(ageSeconds)} s, one figure is due every ${period} s; silence is not zero`,
        value: ageSeconds ?? 'none',
        limit: freshPeriods * period,
        unit: 's',
        setting: 'replication.metricPeriodSeconds',
        next: 'look at the task in DMS',
      });
    const seconds = Math.max(found.sourceSeconds, found.targetSeconds);
    if (seconds <= gates.maxLagSeconds) return yes(`${seconds} s`);
    return no({
      code: 'lag-too-high',
      text: `DMS is ${seconds} s behind, ${gates.maxLagSeconds} s are allowed`,
      value: seconds,
      limit: gates.maxLagSeconds,
      unit: 's',
      setting: 'gates.maxLagSeconds',
      next: 'wait until it has caught up',
    });
  });

/** DMS's own comparison of rows. Only `Validated` is a yes; what cannot be compared is waived by name. */
export const comparedGate = (world: ReplicationWorld): Gate =>
  quality('DMS has compared every row', async (signal) => {
    const task = await runningTask(world, 'forward', signal);
    if (!task) return wouldCheck('once the task runs');
    const isWaived = waivedFor(world.manifest.tables, 'unverified');
    const tables = (await task.tables(signal)).filter(
      ({ table, validation }) => validation !== 'Validated' && !isWaived(table),
    );
    if (tables.length === 0) return yes();
    return no({
      code: 'not-validated',
      text: `${tables.map(({ table, validation }) => `${table}: ${validation ?? 'unknown'}`).join(', ')}; every table must be "Validated"`,
      value: tables.length,
      limit: 0,
      unit: 'tables',
      setting: 'replication.validation',
      next: `read ${world.manifest.replication.controlSchema}.awsdms_validation_failures_v1 on the target; repair, or waive the table by name ("unverified")`,
    });
  });

/** The alarms of the migration are quiet. */
export const alarmsAreQuiet =
  ({ manifest, surroundings }: Pick<ReplicationWorld, 'manifest' | 'surroundings'>): Gate['ask'] =>
  async (signal) => {
    const ringing = await surroundings.ringingAlarms(manifest.gates.alarmNames, signal);
    if (ringing.length === 0) return yes();
    return no({
      code: 'alarm',
      text: `in alarm: ${ringing.join(', ')}`,
      value: ringing.join(', '),
      setting: 'gates.alarmNames',
      next: `aws cloudwatch describe-alarms --alarm-names ${ringing.join(' ')}`,
    });
  };

export const quietGate = (world: ReplicationWorld): Gate => quality('No alarm rings', alarmsAreQuiet(world));
