import type { Finding } from '../definition-error';
import type { MigrationCheck } from './check';

export const applicationAccountsAreTheirOwn: MigrationCheck = ({ migration: { accounts } }) => {
  const roles = [
    { role: 'master', name: accounts.master, why: 'locking it would lock out the way back, and it may pass any fence' },
    { role: 'runbook', name: accounts.runbook, why: 'the runbook would lock itself out at the fence' },
    { role: 'replication', name: accounts.replication, why: 'the fence would stop the replication that it waits for' },
    { role: 'RDS administration', name: 'rdsadmin', why: 'it belongs to RDS' },
  ];
  return (['write', 'read'] as const).flatMap((kind) =>
    accounts[kind].flatMap((account, index): Finding[] => {
      const path = `accounts.${kind}[${index}].name`;
      const role = roles.find((candidate) => candidate.name === account.name);
      if (role)
        return [
          { path, value: account.name, allowed: `an account that is not the ${role.role} account`, why: role.why },
        ];
      if (accounts.allowed.includes(account.name))
        return [
          {
            path,
            value: account.name,
            allowed: 'an account that does not stand in accounts.allowed',
            why: 'the fence would leave it alone, so it would be no fence',
          },
        ];
      return [];
    }),
  );
};

export const accountsAppearOnce: MigrationCheck = ({ migration: { accounts } }) => {
  const seen = new Set<string>();
  return (['write', 'read'] as const).flatMap((kind) =>
    accounts[kind].flatMap((account, index): Finding[] => {
      const again = seen.has(account.name);
      seen.add(account.name);
      if (!again) return [];
      return [
        {
          path: `accounts.${kind}[${index}].name`,
          value: account.name,
          allowed: 'an account that is declared once, as write or as read',
          why: 'a read account is never locked, a write account always is',
        },
      ];
    }),
  );
};
