/**
 * Runbook: check-data. Reads every row of a MySQL source, counts what PostgreSQL would not take, and changes nothing.
 *
 * Run when:  at any time while the source is MySQL or MariaDB; long before `start`, which asks the same once more.
 * Undo with: nothing to undo.
 * Ctrl-C:    tells what was found until then, and which tables were not looked at.
 * Impact:    reads on the source, for the share of the time that --throttle gives, in short statements by primary key; one
 *            statement reads a whole table that has no key, or whose unique key folds letters on the target only.
 * Usage:     cutover check-data MIGRATION --environment NAME [--throttle PERCENT]
 */
import { waivedFor } from '../definition/replication/selected-tables';
import { comparedSide } from './blocking-differences';
import type { DataFinding } from './inspection/fitness-mysql/data-finding';
import { inspectMysqlData, type CutShort, type DataProgress } from './inspection/fitness-mysql/inspect-mysql-data';
import { UsageError } from './ports/failures';
import type { Reporter } from './ports/operator';
import type { Reason } from './ports/reason';
import type { World } from './ports/world';
import { keysGate, settingsGate } from './procedure/gates/readiness-gates';
import { showPlan } from './procedure/plan';
import { refusalMessage } from './procedure/refusal-message';

/** A finding as a reason; its keys are those of the source. */
const reasonOf = ({ object, column, rows, keys, text, remedy }: DataFinding): Reason => ({
  data: { table: object, column, rows, keys },
  code: 'data-does-not-fit',
  text: `${object}.${column}: ${rows} ${rows === 1 ? 'row' : 'rows'} (key ${keys.join('; ') || 'unknown'}) with ${text}`,
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
    elements: [{ title: 'Settings', gates: [keysGate(world), settingsGate(sides.source), settingsGate(sides.target)] }],
  };
  const refusals = await showPlan(settings, on.reporter, on.signal, 'asked or refused');
  const isWaived = waivedFor(manifest.tables, 'data');
  const isWithout = waivedFor(manifest.tables, 'schema');
  const { reporter, throttlePercent, signal } = on;
  const unread: string[] = [];
  const rowsOf = new Map<string, number>();
  const unreadAndWanted = () => unread.filter((table) => !isWaived(table) && !isWithout(table));
  const tell = (found: readonly DataFinding[]): Reason[] => {
    const stops = ({ object, isNote }: DataFinding) => !isNote && !isWaived(object);
    for (const each of found.filter((one) => !stops(one))) {
      const { code, text, next } = reasonOf(each);
      const said = each.isNote ? text : `waived: ${text}`;
      reporter.report({ type: 'message', code, level: 'warning', text: said, remedy: next });
    }
    const rows = [...rowsOf.values()].reduce((sum, each) => sum + each, 0);
    const data = { tables: rowsOf.size, rows, findings: found.length, unread };
    reporter.report({ type: 'progress', text: `${rows} rows in ${rowsOf.size} tables looked at`, data });
    return found.filter(stops).map(reasonOf);
  };
  const found = await inspectMysqlData({
    ...{ source, target, tables: manifest.tables, clock, throttlePercent, signal },
    onUnread: (table) => void unread.push(table),
    onProgress: (progress) => {
      rowsOf.set(progress.table, progress.rows);
      on.onProgress(progress);
    },
    onCutShort: (known) => {
      const left = [whyCutShort(known, signal.aborted), ...(known.partly ? whyUnread(1, unreadAndWanted()) : [])];
      for (const reason of [...refusals, ...left, ...tell(known.found)]) reporter.report(refusalMessage(reason));
    },
  });
  const reasons = tell(found);
  return [...refusals, ...whyUnread(rowsOf.size, unreadAndWanted()), ...reasons];
}

const listedTables = 20;

/** What was found until then stands, and is no verdict on the rest. */
function whyCutShort({ partly, notLookedAt = [] }: CutShort, isInterrupted: boolean): Reason {
  const how = isInterrupted ? 'interrupted' : 'ended by an error';
  const listed = notLookedAt.slice(0, listedTables).join(', ');
  const more = notLookedAt.length > listedTables ? ` and ${notLookedAt.length - listedTables} more` : '';
  const rest = notLookedAt.length > 0 ? `; not looked at: ${listed}${more}` : '';
  return {
    ...{
      code: 'data-not-looked-at',
      unit: 'tables',
      next: 'cutover check-data once more',
      data: { partly, notLookedAt },
    },
    text: partly
      ? `${how} while ${partly} was read, so that it was looked at in part${rest}`
      : `${how} before the first table was read: nothing was looked at`,
    ...(partly && { value: notLookedAt.length + 1, limit: 0 }),
  };
}

/** What was not read must not be taken for clean. */
function whyUnread(read: number, unread: readonly string[]): Reason[] {
  const next = 'make the schema of the target first: cutover check prints what is missing';
  if (unread.length > 0)
    return [
      {
        ...{ code: 'data-not-looked-at', value: unread.length, limit: 0, unit: 'tables', setting: 'waivers', next },
        text: `the target has no table for ${unread.join(', ')}: what it would take of their rows is not known`,
      },
    ];
  if (read > 0) return [];
  const text = 'the runbook’s account sees no table of the source that the definition selects: nothing was looked at';
  return [
    { code: 'data-not-looked-at', text, value: 0, setting: 'tables', next: 'compare tables.include, and grant SELECT' },
  ];
}
