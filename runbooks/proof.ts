/** Verification and inspection as gates and steps of a procedure. */
import type { Database } from './ports/database';
import { no, quality, safety, wouldCheck, yes, type Gate } from './procedure/gate';
import { GateRefusal } from './procedure/gate-refusal';
import type { SwitchRun } from './procedure/migration-run';
import type { Perform, Step } from './procedure/step';
import { unwindAfterSeconds } from './procedure/pause-parts';
import { budgetOf } from './procedure/budget-of';
import { blockingDifferences } from './blocking-differences';
import type { Difference } from './inspection/difference';
import { planQuietVerification } from './verification/plan-quiet-verification';
import { verifyTables, type VerificationResult } from './verification/verify';
import type { World } from './ports/world';
import type { Reason } from './ports/reason';

export const sidesOf = (primary: Database, other: Database, world: World) => ({
  primary: { engine: world.manifest.databases[primary.side].engine, reader: primary.reader, side: primary.side },
  other: { engine: world.manifest.databases[other.side].engine, reader: other.reader, side: other.side },
});

const unverifiedAndNotWaived = (result: VerificationResult, world: World): string[] => {
  const waived = new Set(
    world.manifest.tables.waivers.filter((each) => each.check === 'unverified').map((each) => each.table),
  );
  return result.unverifiedTables.filter((table) => !waived.has(table));
};

/** What differs, by key, as one reason; undefined when nothing does. */
function whyNotEqual(result: VerificationResult, world: World): Reason | undefined {
  const unverified = unverifiedAndNotWaived(result, world);
  if (result.divergentRows === 0 && unverified.length === 0) return undefined;
  const examples = result.tables
    .flatMap((table) =>
      table.divergentKeys.slice(0, 3).map((each) => `${table.table} key (${each.key.join(', ')}): ${each.kind}`),
    )
    .slice(0, 10);
  return {
    code: 'data-differs',
    text: [
      result.divergentRows > 0 ? `${result.divergentRows} rows differ: ${examples.join('; ')}` : '',
      unverified.length > 0 ? `not verified: ${unverified.join(', ')}` : '',
    ]
      .filter(Boolean)
      .join('; '),
    value: result.divergentRows,
    limit: 0,
    unit: 'rows',
    setting: 'waivers',
    next: 'repair these rows on the side that is not primary, or reload the table, then verify again',
  };
}

/** Every row of every table, with clients writing: what differs is compared again once the lag has passed. */
export const compareEveryRow = ({ world, from, to, reporter }: SwitchRun): Step => ({
  title: 'Compare every row of every table, and record the result',
  touches: `cutover_local.verification on the ${from.side}; the tables are only read`,
  act: async (perform, signal) => {
    const result = await verifyTables({
      ...sidesOf(from, to, world),
      tables: world.manifest.tables,
      clock: world.clock,
      settleMilliseconds: Math.max(500, world.manifest.gates.maxLagSeconds * 500),
      rechecks: 10,
      quiet: false,
      signal,
    });
    const unverified = unverifiedAndNotWaived(result, world);
    await perform(
      from.control.recordVerification({
        finishedAtMilliseconds: await from.flow.engineClockMilliseconds(signal),
        durationMilliseconds: Math.round(result.durationMilliseconds),
        rows: result.rows,
        divergentRows: result.divergentRows,
        unverifiedTables: unverified,
      }),
    );
    reporter.report({
      type: 'progress',
      text: `${result.rows} rows in ${result.tables.length} tables compared in ${(result.durationMilliseconds / 1000).toFixed(1)} s: ${result.percentConsistent} % consistent`,
      data: {
        rows: result.rows,
        divergentRows: result.divergentRows,
        percentConsistent: result.percentConsistent,
        unverified,
      },
    });
    const reason = whyNotEqual(result, world);
    if (reason) throw new GateRefusal([reason]);
  },
});

/** Under the fence nothing moves: one pass, no second look, and what differs forbids the switch. */
export const verifyQuietly = (
  run: SwitchRun,
  byChangedKeys: (perform: Perform, signal: AbortSignal) => Promise<VerificationResult | undefined>,
): Step => {
  const { world, from, to, reporter } = run;
  const everyRow = (signal: AbortSignal) =>
    verifyTables({
      ...sidesOf(from, to, world),
      tables: world.manifest.tables,
      clock: world.clock,
      settleMilliseconds: 0,
      rechecks: 0,
      quiet: true,
      signal,
    });
  return {
    title: 'Verify under the fence: both sides hold the same rows',
    touches: 'nothing: the tables are only read',
    part: 'verify',
    act: async (perform, signal) => {
      const result = (await byChangedKeys(perform, signal)) ?? (await everyRow(signal));
      const what = run.notes.proof === 'changed keys' ? 'rows written of late' : 'rows';
      reporter.report({
        type: 'progress',
        text: `${result.rows} ${what} proven equal under the fence`,
        data: { rows: result.rows, proof: run.notes.proof ?? 'every row' },
      });
      const reason = whyNotEqual(result, world);
      if (reason) throw new GateRefusal([reason]);
    },
  };
};

/** Seconds that a full pass under the fence would take, from the newest verification on record; absent without one. */
export async function quietSeconds(world: World, signal: AbortSignal): Promise<number | undefined> {
  const { source, target } = world.sides;
  const records = [...(await source.control.verifications(signal)), ...(await target.control.verifications(signal))];
  const last = records.sort((a, b) => a.finishedAtMilliseconds - b.finishedAtMilliseconds).at(-1);
  return last && planQuietVerification(last) / 1000;
}

/** Seconds that the pause leaves for it. */
export const quietRoomSeconds = (world: World): number => unwindAfterSeconds(budgetOf(world.manifest));

/** The proof under the fence must fit the pause, else the pause would end in unwinding. */
export const quietVerificationGate = ({ world, from }: SwitchRun): Gate =>
  safety('The proof under the fence fits the write pause', async (signal) => {
    if (from.changedKeys) return yes('only rows written of late are compared, or every row where that fits');
    const seconds = await quietSeconds(world, signal);
    if (seconds === undefined) return wouldCheck('with the figures of a first verification');
    const limit = quietRoomSeconds(world);
    if (seconds <= limit) return yes(`about ${seconds.toFixed(1)} s of ${limit} s`);
    return no({
      code: 'verification-exceeds-pause',
      text: `comparing every row takes about ${seconds.toFixed(1)} s, the pause leaves ${limit} s`,
      value: seconds,
      limit,
      unit: 's',
      setting: 'gates.maxWritePauseSeconds',
    });
  });

const named = (differences: readonly Difference[]): string[] => [...new Set(differences.map(({ object }) => object))];

/** What replication does not bring: indexes, keys, checks, defaults, views, grants. */
export const schemaGate = (world: World): Gate =>
  quality('The target has the schema of the source', async (signal) => {
    const blocking = await blockingDifferences(world, 'source', signal);
    if (blocking.length === 0) return yes();
    return no({
      code: 'schema-differs',
      text: blocking
        .map(
          (each) =>
            `${each.kind} ${each.object}: source ${each.onPrimary ?? 'has none'}, target ${each.onOther ?? 'has none'}`,
        )
        .join('; '),
      value: blocking.length,
      limit: 0,
      unit: 'differences',
      setting: 'waivers',
      next: blocking.flatMap((each) => (each.ddl ? [each.ddl] : [])).join('\n') || 'bring the schemas together',
      waivable: { check: 'schema', tables: named(blocking.filter(({ ddl }) => !ddl)) },
    });
  });
