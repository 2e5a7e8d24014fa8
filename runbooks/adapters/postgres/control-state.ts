import { isDeepStrictEqual } from 'node:util';
import type { ControlState, Outcome, StateRow, VerificationRecord } from '../../ports/control-state';
import type { Statement } from './effect-connection';
import { installControlSchema } from './install';
import { effectOn, type PostgresSide } from './postgres-side';
import { raiseEpoch } from './raise-epoch';
import { whereMissing } from './sql-error';
import { verificationHistory } from './verification-history';

/** As it is after a way through JSON: without what is undefined. */
const plain = (row: StateRow): unknown => JSON.parse(JSON.stringify(row));

async function updateState(statement: Statement, migration: string, row: StateRow): Promise<void> {
  await statement(
    `UPDATE cutover_local.state SET primary_side = $2, direction = $3, phase = $4, switch_epoch = $5, detail = $6::jsonb,
            changed_at = clock_timestamp()
      WHERE migration = $1`,
    [migration, row.primary, row.direction, row.phase, row.switchEpoch, JSON.stringify(row.detail)],
  );
}

export function controlState(side: PostgresSide): ControlState {
  const { reading, migration } = side;

  const readState: ControlState['readState'] = async (signal) => {
    const [row] = await whereMissing(
      reading.rows(
        `SELECT epoch::text, primary_side, direction, phase, switch_epoch::text, detail::text
           FROM cutover_local.state WHERE migration = $1`,
        [migration],
        signal,
      ),
      [],
    );
    return (
      row && {
        epoch: Number(row['epoch']),
        primary: row['primary_side'] as StateRow['primary'],
        direction: row['direction'] as StateRow['direction'],
        phase: row['phase'] as StateRow['phase'],
        switchEpoch: Number(row['switch_epoch']),
        detail: JSON.parse(row['detail'] as string) as StateRow['detail'],
      }
    );
  };
  const stands = async (row: StateRow, signal: AbortSignal) => isDeepStrictEqual(await readState(signal), plain(row));

  const readDecision: ControlState['readDecision'] = async (switchEpoch, signal) => {
    const [row] = await whereMissing(
      reading.rows(
        'SELECT outcome FROM cutover_local.decision WHERE migration = $1 AND switch_epoch = $2',
        [migration, switchEpoch],
        signal,
      ),
      [],
    );
    return row?.['outcome'] as Outcome | undefined;
  };

  return {
    install: () => installControlSchema(side),
    raiseEpoch: (epoch) => raiseEpoch(side, epoch),
    readState,

    writeState: (row) =>
      effectOn(side, 'state', {
        touches: `the row of cutover_local.state on the ${side.title}: ${row.phase}, primary ${row.primary}`,
        precheck: (signal) => stands(row, signal),
        act: (effects, signal) => {
          // The epoch is raised by `raiseEpoch` alone; a row of another run must not pass for this one's.
          if (row.epoch !== effects.adoptedEpoch)
            throw new Error(`a state of epoch ${row.epoch} is not this run's: it has adopted ${effects.adoptedEpoch}`);
          return effects.transaction(signal, (statement) => updateState(statement, migration, row));
        },
        verify: (signal) => stands(row, signal),
      }),

    readDecision,

    decide: (switchEpoch, direction, outcome, row) =>
      effectOn(side, `decide-${outcome}`, {
        touches: `the decision of switch ${switchEpoch} in cutover_local.decision on the ${side.title}`,
        precheck: async (signal) => (await readDecision(switchEpoch, signal)) === outcome,
        act: (effects, signal) =>
          effects.transaction(signal, async (statement) => {
            const won = await statement(
              `INSERT INTO cutover_local.decision (migration, switch_epoch, direction, outcome, epoch, accepted_loss)
                 VALUES ($1, $2, $3, $4, $5, $6::jsonb) ON CONFLICT DO NOTHING RETURNING outcome`,
              [
                migration,
                switchEpoch,
                direction,
                outcome,
                effects.adoptedEpoch,
                outcome === 'open' && row.detail.acceptedLoss ? JSON.stringify(row.detail.acceptedLoss) : null,
              ],
            );
            if (won.length === 1 && outcome === 'open') await updateState(statement, migration, row);
          }),
        verify: async (signal) => (await readDecision(switchEpoch, signal)) === outcome,
      }),

    recordVerification: (result: VerificationRecord) => verificationHistory(side).record(result),
    verifications: (signal) => verificationHistory(side).read(signal),

    writeJournalHead: async (runId, records, head, signal) => {
      if (!side.effects) throw new Error('a plan keeps no journal');
      await side.effects.transaction(signal, (statement) =>
        statement(
          `INSERT INTO cutover_local.journal_head (run_id, records, head) VALUES ($1, $2, $3)
           ON CONFLICT (run_id) DO UPDATE SET records = excluded.records, head = excluded.head`,
          [runId, records, head],
        ),
      );
    },
    readJournalHead: async (runId, signal) => {
      const [row] = await whereMissing(
        reading.rows('SELECT records::text, head FROM cutover_local.journal_head WHERE run_id = $1', [runId], signal),
        [],
      );
      return row && { records: Number(row['records']), head: row['head'] as string };
    },
  };
}
