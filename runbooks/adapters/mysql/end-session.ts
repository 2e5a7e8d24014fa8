import type { Statement } from './effect-connection';
import { messageOf, noSuchThread, serverError } from './sql-error';

const notOwner = 1095;
const accessDenied = new Set([1227, 1044, 1142, 1370]);

/**
 * Ends one connection; one that is gone already is as wanted. Where the account may not end the sessions of others, the
 * procedure that Amazon RDS gives for it does (RDS User Guide, "Ending a session or query").
 */
export async function endSession(statement: Statement, connectionId: string | number): Promise<void> {
  const id = Number(connectionId);
  try {
    await statement(`KILL CONNECTION ${id}`);
  } catch (error) {
    const number = serverError(error) ?? 0;
    if (number === noSuchThread) return;
    if (number !== notOwner && !accessDenied.has(number)) throw error;
    await statement('CALL mysql.rds_kill(?)', [id]).catch((second: unknown) => {
      if (messageOf(second).includes('Unknown thread')) return;
      // Without the procedure it is no RDS server: the first answer says what is missing.
      throw error;
    });
  }
}
