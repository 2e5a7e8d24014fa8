import type { Database } from '../../../../runbooks/ports/database';
import { UsageError } from '../../../../runbooks/ports/failures';
import type { World } from '../../../../runbooks/ports/world';
import { settledGates } from '../../../../runbooks/procedure/gates/window-gates';
import type { SwitchRun } from '../../../../runbooks/procedure/migration-run';
import { lossGate } from '../../../../runbooks/procedure/lost-side/loss-gates';
import { refuseUnfit } from '../../../../runbooks/adapters/postgres/server-facts';
import { catchUp } from '../../../../runbooks/proof-by-changed-keys';
import { quietVerificationGate } from '../../../../runbooks/proof';
import { simulatedManifest } from '../../simulation/simulated-manifest';

jest.mock('../../../../runbooks/verification/changed-keys', () => ({
  catchUpWithChanges: async () => ({
    caughtUp: false,
    openKeys: 0,
    wholeTables: [],
    lastRoundKeys: 9_000,
    comparedKeys: 9_000,
    rounds: 20,
  }),
}));

/** Refusals that no engine of the rehearsal can be brought to: each is asked of a world made for it. */
const never = new AbortController().signal;

const verified = { finishedAtMilliseconds: 1, durationMilliseconds: 900_000, rows: 1, divergentRows: 0 };
const side = (name: 'source' | 'target'): Database =>
  ({
    side: name,
    control: { verifications: async () => [{ ...verified, unverifiedTables: [] }] },
    arrivals: { newest: async () => ({ by: 'heartbeat', atMilliseconds: 50_000 }) },
  }) as unknown as Database;
const world = {
  manifest: simulatedManifest,
  sides: { source: side('source'), target: side('target') },
  clock: { nowMilliseconds: () => 100_000 },
} as unknown as World;
const runOf = (parts: Partial<SwitchRun>) =>
  ({ world, from: world.sides.source, to: world.sides.target, notes: {}, ...parts }) as SwitchRun;

describe('a gate says no', () => {
  it('when an engine without a change feed would have to compare every row for longer than the pause', async () => {
    expect(await quietVerificationGate(runOf({})).ask(never)).toMatchObject({
      answer: 'no',
      reason: { code: 'verification-exceeds-pause', setting: 'gates.maxWritePauseSeconds' },
    });
  });

  it('when no switch stands on record, so that no window can have passed', async () => {
    expect(await settledGates(runOf({}))[0]?.ask(never)).toMatchObject({
      answer: 'no',
      reason: { code: 'window-unknown', next: 'cutover status' },
    });
  });

  it('when more rows are written between two rounds than can be proven under the fence', async () => {
    const from = { ...side('source'), changedKeys: {} } as unknown as Database;
    const step = catchUp(
      runOf({
        from,
        direction: 'forward',
        notes: { epoch: 1, switchEpoch: 1, openAttempted: false },
        reporter: { report: () => undefined },
      }),
    );
    await expect(step.act(async () => undefined, never)).rejects.toMatchObject({
      reasons: [
        {
          code: 'too-many-changes',
          value: 9_000,
          limit: 5_000,
          next: 'cutover verify, then switch again at a quieter time',
        },
      ],
    });
  });

  it('when more is unproven than was accepted', async () => {
    const lost = { side: 'source', why: 'gone', answers: async () => false } as const;
    const acceptedLoss = { lost: 'source', interval: { fromMilliseconds: 60_000, untilMilliseconds: 90_000 } } as const;
    const run = runOf({
      world: { ...world, lost },
      notes: { epoch: 1, switchEpoch: 1, openAttempted: false, acceptedLoss },
    });
    expect(await lossGate(run).ask(never)).toMatchObject({
      answer: 'no',
      reason: { code: 'loss-not-accepted', next: 'cutover switch --accept-loss' },
    });
  });
});

it('a server below the oldest known version is refused', () => {
  const facts = { version: '12.22', versionNumber: 120022, account: 'cutover', isReader: false, inRecovery: false };
  expect(() => refuseUnfit(facts as never, 'source database')).toThrow(UsageError);
  expect(() => refuseUnfit(facts as never, 'source database')).toThrow(/source database.*13/);
});
