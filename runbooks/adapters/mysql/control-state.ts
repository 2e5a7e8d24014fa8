import { isDeepStrictEqual } from 'node:util';
import type { ControlState, Outcome, StateRow } from '../../ports/control-state';
import type { Statement } from './effect-connection';
import { installControlSchema } from './install';
import { effectOn, type MysqlSide } from './mysql-side';
import { raiseEpoch } from './raise-epoch';
import { duplicateKey, serverError, whereMissing } from './sql-error';
import { readStateRow } from './state-row';
import { verificationHistory } from './verification-history';

/** As it is after a way through JSON: without what is undefined. */
const plain = (row: StateRow): unknown => JSON.parse(JSON.stringify(row));

async function updateState(statement: Statement, migration: string, row: StateRow): Promise<void> {
  await statement(
    `UPDATE cutover_local.state SET primary_side = ?, direction = ?, phase = ?, switch_epoch = ?, detail = ?,
            changed_at = SYSDATE(6)
      WHERE migration = ?`,
    [row.primary, row.direction, row.phase, row.switchEpoch, JSON.stringify(row.detail), migration],
  );
}

export function controlState(side: MysqlSide): ControlState {
  const { reading, migration } = side;
  const readState: ControlState['readState'] = (signal) => readStateRow(side, signal);
  const stands = async (row: StateRow, signal: AbortSignal) => isDeepStrictEqual(await readState(signal), plain(row));

  const readDecision: ControlState['readDecision'] = async (switchEpoch, signal) => {
    const [row] = await whereMissing(
      reading.rows(
        'SELECT outcome FROM cutover_local.decision WHERE migration = ? AND switch_epoch = ?',
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
            const { acceptedLoss } = row.detail;
            const values = [migration, switchEpoch, direction, outcome, effects.adoptedEpoch];
            try {
              await statement(
                `INSERT INTO cutover_local.decision (migration, switch_epoch, direction, outcome, epoch, accepted_loss, decided_at)
                   VALUES (?, ?, ?, ?, ?, ?, SYSDATE(6))`,
                [...values, outcome === 'open' && acceptedLoss ? JSON.stringify(acceptedLoss) : null],
              );
            } catch (error) {
              // One stands: the state stays as it is, and `verify` says whether it is this outcome.
              if (serverError(error) === duplicateKey) return;
              throw error;
            }
            if (outcome === 'open') await updateState(statement, migration, row);
          }),
        verify: async (signal) => (await readDecision(switchEpoch, signal)) === outcome,
      }),

    recordVerification: (result) => verificationHistory(side).record(result),
    verifications: (signal) => verificationHistory(side).read(signal),

    writeJournalHead: async (runId, records, head, signal) => {
      if (!side.effects) throw new Error('a plan keeps no journal');
      await side.effects.transaction(signal, (statement) =>
        statement('REPLACE INTO cutover_local.journal_head (run_id, records, head) VALUES (?, ?, ?)', [
          runId,
          records,
          head,
        ]),
      );
    },
    readJournalHead: async (runId, signal) => {
      const [row] = await whereMissing(
        reading.rows('SELECT records, head FROM cutover_local.journal_head WHERE run_id = ?', [runId], signal),
        [],
      );
      return row && { records: Number(row['records']), head: row['head'] as string };
    },
  };
}
