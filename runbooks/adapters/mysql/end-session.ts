import type { Statement } from './effect-connection';
import { isDenied, messageOf, noSuchThread, serverError } from './sql-error';

const notOwner = 1095;

/**
 * Ends one connection; one that is gone already is as wanted. Where the account may not end the sessions of others, the
 * procedure that Amazon RDS gives for it does (RDS User Guide, "Ending a session or query").
 */
export async function endSession(statement: Statement, connectionId: string | number): Promise<void> {
  const id = Number(connectionId);
  try {
    await statement(`KILL CONNECTION ${id}`);
  } catch (error) {
    const number = serverError(error);
    if (number === noSuchThread) return;
    if (number !== notOwner && !isDenied(error)) throw error;
    await statement('CALL mysql.rds_kill(?)', [id]).catch((second: unknown) => {
      if (messageOf(second).includes('Unknown thread')) return;
      // Without the procedure it is no RDS server: the first answer says what is missing.
      throw error;
    });
  }
}
