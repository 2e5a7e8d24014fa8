import type { WriteGate, WriteGateReading } from '../../ports/write-gate';
import { isOutsider, outsiderSessions, outsiderValues, startingBackends, unlockedOutsiders } from './accounts';
import { readAccounts, writeAccounts } from './accounts';
import { rehearseFence } from './canary';
import { whyNotFenced } from './fence-proof';
import { effectOn, type PostgresSide } from './postgres-side';
import { whereMissing } from './sql-error';
import { proveWrite } from './write-proof';

const pollMilliseconds = 20;

export function writeGate(side: PostgresSide): WriteGate {
  const { reading } = side;
  const unlocked = async (signal: AbortSignal) =>
    (await reading.rows(unlockedOutsiders, outsiderValues(side), signal)).map((row) => row['account'] as string);
  const recorded = (signal: AbortSignal) =>
    whereMissing(
      reading.rows(
        `SELECT f.account, coalesce(r.rolcanlogin, false)::text AS open
           FROM cutover_local.fenced_account f LEFT JOIN pg_roles r ON r.rolname = f.account ORDER BY f.account`,
        [],
        signal,
      ),
      [],
    );
  const sessions = (signal: AbortSignal) => reading.rows(outsiderSessions, outsiderValues(side), signal);

  return {
    read: async (signal): Promise<WriteGateReading> => {
      const declared = [...writeAccounts(side), ...readAccounts(side)];
      const roles = await reading.rows(
        'SELECT rolname AS account, rolcanlogin::text AS open FROM pg_roles WHERE rolname = ANY ($1::text[])',
        [declared],
        signal,
      );
      const open = new Map(roles.map((row) => [row['account'] as string, row['open'] === 'true']));
      return {
        unlockedAccounts: writeAccounts(side).filter((name) => open.get(name)),
        fencedAccounts: (await recorded(signal)).map((row) => row['account'] as string),
        missingAccounts: declared.filter((name) => !open.has(name)),
      };
    },

    fence: ({ adoptsLocked } = { adoptsLocked: false }) =>
      effectOn(side, 'fence', {
        touches: `login of every account outside the allow-list on the ${side.title}`,
        precheck: async (signal) => {
          if ((await unlocked(signal)).length > 0) return false;
          const known = new Set((await recorded(signal)).map((row) => row['account']));
          return !adoptsLocked || writeAccounts(side).every((name) => known.has(name));
        },
        act: (effects, signal) =>
          effects.transaction(signal, async (statement) => {
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
          }),
        verify: async (signal) => (await unlocked(signal)).length === 0,
      }),

    endSessions: () =>
      effectOn(side, 'end-sessions', {
        touches: `sessions of every account outside the allow-list on the ${side.title}`,
        act: async (effects, signal) => {
          // Whoever was logging in when the fence was committed either shows up as a session or is gone.
          const first = await reading.rows(startingBackends, [], signal);
          let starting = first.map((row) => row['backend']);
          for (;;) {
            const ended = await effects.transaction(signal, (statement) =>
              statement(`SELECT pg_terminate_backend(s.pid::int) FROM (${outsiderSessions}) s`, outsiderValues(side)),
            );
            const still = new Set((await reading.rows(startingBackends, [], signal)).map((row) => row['backend']));
            const left = starting.length;
            starting = starting.filter((backend) => still.has(backend));
            if (ended.length === 0 && left === 0) return;
            await side.clock.sleep(pollMilliseconds, signal);
          }
        },
        verify: async (signal) => (await sessions(signal)).length === 0,
      }),

    open: () =>
      effectOn(side, 'open', {
        touches: `login of the accounts that the fence locked on the ${side.title}`,
        precheck: async (signal) => (await recorded(signal)).length === 0,
        act: (effects, signal) =>
          effects.transaction(signal, async (statement) => {
            const fenced = await statement(
              `SELECT quote_ident(r.rolname) AS quoted FROM cutover_local.fenced_account f
                 JOIN pg_roles r ON r.rolname = f.account WHERE NOT r.rolcanlogin ORDER BY f.account`,
            );
            for (const row of fenced) await statement(`ALTER ROLE ${row['quoted'] as string} LOGIN`);
            await statement('DELETE FROM cutover_local.fenced_account');
          }),
        verify: async (signal) => (await recorded(signal)).length === 0,
      }),

    whyNotFenced: (signal) => whyNotFenced(side, signal),
    rehearseFence: () => rehearseFence(side),
    proveWrite: (address) => proveWrite(side, address),
  };
}

/** Only where this account may grant it; `missingPrivileges` names the rest. */
const grantableConnects = `SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), r.rolname) AS grant
  FROM pg_roles r
  WHERE r.rolname = ANY ($1::text[]) AND NOT r.rolsuper
    AND has_database_privilege(current_user, current_database(), 'CONNECT WITH GRANT OPTION')
    AND NOT EXISTS (SELECT FROM pg_database d, aclexplode(d.datacl) a
                     WHERE d.datname = current_database() AND a.grantee = r.oid AND a.privilege_type = 'CONNECT')`;
