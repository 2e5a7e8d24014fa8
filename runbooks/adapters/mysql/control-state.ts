import type { ControlState } from '../../ports/control-state';
import { controlStateOn, type ControlSql } from '../database/control-state';
import { installControlSchema } from './install';
import type { MysqlSide } from './mysql-side';
import { raiseEpoch } from './raise-epoch';
import { duplicateKey, serverError } from './sql-error';

const sql: ControlSql = {
  readState: `SELECT epoch, primary_side, direction, phase, switch_epoch, detail
    FROM cutover_local.state WHERE migration = ?`,
  updateState: `UPDATE cutover_local.state SET primary_side = ?, direction = ?, phase = ?, switch_epoch = ?, detail = ?,
      changed_at = SYSDATE(6)
    WHERE migration = ?`,
  readDecision: 'SELECT outcome FROM cutover_local.decision WHERE migration = ? AND switch_epoch = ?',
  insertDecision: async (statement, values) => {
    try {
      await statement(
        `INSERT INTO cutover_local.decision (migration, switch_epoch, direction, outcome, epoch, accepted_loss, decided_at)
           VALUES (?, ?, ?, ?, ?, ?, SYSDATE(6))`,
        values,
      );
      return true;
    } catch (error) {
      if (serverError(error) === duplicateKey) return false;
      throw error;
    }
  },
  writeJournalHead: 'REPLACE INTO cutover_local.journal_head (run_id, records, head) VALUES (?, ?, ?)',
  readJournalHead: 'SELECT records, head FROM cutover_local.journal_head WHERE run_id = ?',
  readVerifications: `SELECT finished_at_milliseconds AS finished, duration_milliseconds AS duration, \`rows\` AS compared,
      divergent_rows AS divergent, unverified_tables AS unverified
    FROM cutover_local.verification WHERE migration = ? ORDER BY finished_at_milliseconds`,
  recordVerification: `REPLACE INTO cutover_local.verification (migration, finished_at_milliseconds, duration_milliseconds,
      \`rows\`, divergent_rows, unverified_tables)
    VALUES (?, ?, ?, ?, ?, ?)`,
};

export const controlState = (side: MysqlSide): ControlState =>
  controlStateOn(side, sql, {
    install: () => installControlSchema(side),
    raiseEpoch: (epoch) => raiseEpoch(side, epoch),
  });
