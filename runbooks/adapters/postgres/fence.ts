import type { Effect } from '../../ports/effect';
import { isOutsider, outsiderValues, unlockedOutsiders, writeAccounts } from './accounts';
import { effectOn } from '../database/side';
import type { PostgresSide } from './postgres-side';

/** Accounts that the next opening unlocks. */
export async function fencedAccounts(side: PostgresSide, signal: AbortSignal): Promise<string[]> {
  const sql = 'SELECT account FROM cutover_local.fenced_account ORDER BY account';
  return (await side.reading.rowsIfMade(sql, [], signal)).map((row) => row['account'] as string);
}

/** Only where this account may grant it; `missingPrivileges` names the rest. */
const grantableConnects = `SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), r.rolname) AS grant
  FROM pg_roles r
  WHERE r.rolname = ANY ($1::text[]) AND NOT r.rolsuper
    AND has_database_privilege(current_user, current_database(), 'CONNECT WITH GRANT OPTION')
    AND NOT EXISTS (SELECT FROM pg_database d, aclexplode(d.datacl) a
                     WHERE d.datname = current_database() AND a.grantee = r.oid AND a.privilege_type = 'CONNECT')`;

/**
 * Locks and records in one transaction: no account is ever locked without a record of it. An account that could not log
 * in before is recorded with `adoptsLocked` only, so that an unwound switch leaves it as it was.
 */
export function fence(side: PostgresSide, adoptsLocked: boolean): Effect {
  const isFenced = async (signal: AbortSignal) => {
    const unlocked = await side.reading.rows(unlockedOutsiders, outsiderValues(side), signal);
    if (unlocked.length > 0) return false;
    if (!adoptsLocked) return true;
    const recorded = await fencedAccounts(side, signal);
    const declared = await side.reading.rows(
      'SELECT rolname AS account FROM pg_roles WHERE rolname = ANY ($1::text[]) AND NOT rolsuper',
      [writeAccounts(side)],
      signal,
    );
    return declared.every((row) => recorded.includes(row['account'] as string));
  };
  return effectOn(side, 'fence', {
    touches: `login of every account outside the allow-list on the ${side.title}`,
    precheck: isFenced,
    act: async (effects, signal) => {
      // The proof needs them; better to miss one now than under the fence.
      await Promise.all(side.manifest.accounts.write.map(({ secretId }) => side.secrets.of(secretId)));
      await effects.transaction(signal, async (statement) => {
        await statement(
          `INSERT INTO cutover_local.fenced_account (account, epoch)
             SELECT r.rolname, $3 FROM pg_roles r
              WHERE ${isOutsider} AND (r.rolcanlogin OR r.rolname = ANY ($4::text[]))
           ON CONFLICT (account) DO UPDATE SET epoch = excluded.epoch, fenced_at = clock_timestamp()`,
          [...outsiderValues(side), effects.adoptedEpoch, adoptsLocked ? writeAccounts(side) : []],
        );
        // Named grants keep the allowed in, should CONNECT be taken from PUBLIC on the way.
        for (const row of await statement(grantableConnects, [side.manifest.accounts.allowed]))
          await statement(row['grant'] as string);
        for (const row of await statement(unlockedOutsiders, outsiderValues(side)))
          await statement(`ALTER ROLE ${row['quoted'] as string} NOLOGIN`);
      });
    },
    verify: isFenced,
  });
}
