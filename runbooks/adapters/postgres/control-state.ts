import type { ControlState } from '../../ports/control-state';
import { controlStateOn, type ControlSql } from '../database/control-state';
import { installControlSchema } from './install';
import type { PostgresSide } from './postgres-side';
import { raiseEpoch } from './raise-epoch';

const sql: ControlSql = {
  readState: `SELECT epoch, primary_side, direction, phase, switch_epoch, detail
    FROM cutover_local.state WHERE migration = $1`,
  updateState: `UPDATE cutover_local.state SET primary_side = $1, direction = $2, phase = $3, switch_epoch = $4,
      detail = $5::jsonb, changed_at = clock_timestamp()
    WHERE migration = $6`,
  readDecision: 'SELECT outcome FROM cutover_local.decision WHERE migration = $1 AND switch_epoch = $2',
  insertDecision: async (statement, values) => {
    const won = await statement(
      `INSERT INTO cutover_local.decision (migration, switch_epoch, direction, outcome, epoch, accepted_loss)
         VALUES ($1, $2, $3, $4, $5, $6::jsonb) ON CONFLICT DO NOTHING RETURNING outcome`,
      values,
    );
    return won.length === 1;
  },
  writeJournalHead: `INSERT INTO cutover_local.journal_head (run_id, records, head) VALUES ($1, $2, $3)
    ON CONFLICT (run_id) DO UPDATE SET records = excluded.records, head = excluded.head`,
  readJournalHead: 'SELECT records, head FROM cutover_local.journal_head WHERE run_id = $1',
  readVerifications: `SELECT finished_at_milliseconds AS finished, duration_milliseconds AS duration, rows AS compared,
      divergent_rows AS divergent, unverified_tables AS unverified
    FROM cutover_local.verification WHERE migration = $1 ORDER BY finished_at_milliseconds`,
  recordVerification: `INSERT INTO cutover_local.verification (migration, finished_at_milliseconds, duration_milliseconds,
      rows, divergent_rows, unverified_tables)
    VALUES ($1, $2, $3, $4, $5, $6::jsonb) ON CONFLICT DO NOTHING`,
};

export const controlState = (side: PostgresSide): ControlState =>
  controlStateOn(side, sql, {
    install: () => installControlSchema(side),
    raiseEpoch: (epoch) => raiseEpoch(side, epoch),
  });
