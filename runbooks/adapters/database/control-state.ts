import { isDeepStrictEqual } from 'node:util';
import type { ControlState, Outcome, StateRow } from '../../ports/control-state';
import { effectOn, type BoundValue, type DatabaseSide, type Statement } from './side';
import { verificationHistory, type VerificationSql } from './verification-history';

/** Values are bound in the order in which each text says them. */
export interface ControlSql extends VerificationSql {
  /** epoch, primary_side, direction, phase, switch_epoch and detail (JSON) of a migration. */
  readonly readState: string;
  /** Takes primary, direction, phase, switch epoch, detail and, last, the migration. */
  readonly updateState: string;
  /** outcome, by migration and switch epoch. */
  readonly readDecision: string;
  /** Takes migration, switch epoch, direction, outcome, epoch and accepted loss; false where a decision stands already. */
  insertDecision(statement: Statement, values: readonly BoundValue[]): Promise<boolean>;
  /** Takes run, records and head. */
  readonly writeJournalHead: string;
  /** records and head of a run. */
  readonly readJournalHead: string;
}

/** As it is after a way through JSON: without what is undefined. */
const plain = (row: StateRow): unknown => JSON.parse(JSON.stringify(row));

/** What the runbooks keep on a side, in a control schema that may still be to be made. */
export function controlStateOn(
  side: DatabaseSide,
  sql: ControlSql,
  own: Pick<ControlState, 'install' | 'raiseEpoch'>,
): ControlState {
  const { reading, migration } = side;
  const history = verificationHistory(side, sql);

  const readState: ControlState['readState'] = async (signal) => {
    const [row] = await reading.rowsIfMade(sql.readState, [migration], signal);
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
  const updateState = async (statement: Statement, row: StateRow) => {
    const { primary, direction, phase, switchEpoch, detail } = row;
    await statement(sql.updateState, [primary, direction, phase, switchEpoch, JSON.stringify(detail), migration]);
  };

  const readDecision: ControlState['readDecision'] = async (switchEpoch, signal) => {
    const [row] = await reading.rowsIfMade(sql.readDecision, [migration, switchEpoch], signal);
    return row?.['outcome'] as Outcome | undefined;
  };

  return {
    ...own,
    readState,

    writeState: (row) =>
      effectOn(side, 'state', {
        touches: `the row of cutover_local.state on the ${side.title}: ${row.phase}, primary ${row.primary}`,
        precheck: (signal) => stands(row, signal),
        act: (effects, signal) => {
          // The epoch is raised by `raiseEpoch` alone; a row of another run must not pass for this one's.
          if (row.epoch !== effects.adoptedEpoch)
            throw new Error(`a state of epoch ${row.epoch} is not this run's: it has adopted ${effects.adoptedEpoch}`);
          return effects.transaction(signal, (statement) => updateState(statement, row));
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
            const loss = outcome === 'open' && acceptedLoss ? JSON.stringify(acceptedLoss) : null;
            const values = [migration, switchEpoch, direction, outcome, effects.adoptedEpoch, loss];
            // Where one stands, the state stays as it is, and `verify` says whether it is this outcome.
            if ((await sql.insertDecision(statement, values)) && outcome === 'open') await updateState(statement, row);
          }),
        verify: async (signal) => (await readDecision(switchEpoch, signal)) === outcome,
      }),

    recordVerification: (result) => history.record(result),
    verifications: (signal) => history.read(signal),

    writeJournalHead: async (runId, records, head, signal) => {
      if (!side.effects) throw new Error('a plan keeps no journal');
      await side.effects.transaction(signal, (statement) => statement(sql.writeJournalHead, [runId, records, head]));
    },
    readJournalHead: async (runId, signal) => {
      const [row] = await reading.rowsIfMade(sql.readJournalHead, [runId], signal);
      return row && { records: Number(row['records']), head: row['head'] as string };
    },
  };
}
