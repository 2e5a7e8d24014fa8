/**
 * Runbook: check-data. Reads every row of a MySQL source, counts what PostgreSQL would not take, and changes nothing.
 *
 * Run when:  at any time while the source is MySQL or MariaDB; long before `start`, which asks the same once more.
 * Undo with: nothing to undo.
 * Impact:    reads on the source, for the share of the time that --throttle gives.
 * Usage:     cutover check-data MIGRATION --environment NAME [--throttle PERCENT]
 */
import { waivedFor } from '../definition/replication/selected-tables';
import { comparedSide } from './blocking-differences';
import type { DataFinding } from './inspection/fitness-mysql/data-finding';
import { inspectMysqlData, type DataProgress } from './inspection/fitness-mysql/inspect-mysql-data';
import { UsageError } from './ports/failures';
import type { Reporter } from './ports/operator';
import type { Reason } from './ports/reason';
import type { World } from './ports/world';
import { settingsGate } from './procedure/gates/readiness-gates';
import { showPlan } from './procedure/plan';

/** A finding as a reason; its keys are those of the source. */
const reasonOf = ({ object, column, rows, keys, text, remedy }: DataFinding): Reason => ({
  code: 'data-does-not-fit',
  text: `${object}.${column}: ${rows} rows (key ${keys.join('; ') || 'unknown'}) with ${text}`,
  value: rows,
  limit: 0,
  unit: 'rows',
  setting: 'waivers',
  next: remedy,
});

/** @throws UsageError for sides that the question is not about. @returns what forbids `start`; what is waived is reported. */
export async function checkData(
  world: World,
  on: {
    reporter: Reporter;
    throttlePercent: number;
    onProgress: (progress: DataProgress) => void;
    signal: AbortSignal;
  },
): Promise<Reason[]> {
  const { manifest, clock, sides } = world;
  const [source, target] = [comparedSide(world, 'source'), comparedSide(world, 'target')];
  if (source.family !== 'mysql' || target.family !== 'postgres')
    throw new UsageError(
      'no-mysql-rows',
      `check-data reads the rows of a MySQL or MariaDB source for a PostgreSQL target; this migration goes from ${manifest.databases.source.engine} to ${manifest.databases.target.engine}`,
      { next: 'cutover check' },
    );
  const settings = {
    ...({ verb: 'check-data', purpose: '', impact: 'none', primaryAfter: 'source', next: 'cutover check' } as const),
    elements: [{ title: 'Settings', gates: [settingsGate(sides.source), settingsGate(sides.target)] }],
  };
  const refusals = await showPlan(settings, on.reporter, on.signal);
  const isWaived = waivedFor(manifest.tables, 'data');
  const { throttlePercent, onProgress, signal } = on;
  const tables = manifest.tables;
  const found = await inspectMysqlData({ source, target, tables, clock, throttlePercent, onProgress, signal });
  for (const each of found.filter(({ object }) => isWaived(object))) {
    const { code, text, next } = reasonOf(each);
    on.reporter.report({ type: 'message', code, level: 'warning', text: `waived: ${text}`, remedy: next });
  }
  return [...refusals, ...found.filter(({ object }) => !isWaived(object)).map(reasonOf)];
}
