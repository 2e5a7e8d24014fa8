import type { Clock } from '../../ports/clock';
import type { Surroundings } from '../../ports/surroundings';
import { callerAccount } from './caller-account';
import type { AwsClients } from './clients';
import { during } from './during';
import { takeSnapshot } from './snapshot';

/** What DescribeAlarms takes at once. */
const alarmsAtOnce = 100;

export function awsSurroundings(clients: AwsClients, clock: Clock): Surroundings {
  return {
    callerAccount: (signal) => callerAccount(clients, signal),

    async ringingAlarms(names, signal) {
      const { sdk, client } = await clients.cloudWatch();
      const quiet = new Set<string>();
      for (let start = 0; start < names.length; start += alarmsAtOnce) {
        const input = {
          AlarmNames: names.slice(start, start + alarmsAtOnce),
          // Without this composite alarms are left out.
          AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const],
          MaxRecords: alarmsAtOnce,
        };
        const answer = await during(signal, (options) => client.send(new sdk.DescribeAlarmsCommand(input), options));
        for (const { AlarmName, StateValue } of [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])])
          if (StateValue !== 'ALARM') quiet.add(AlarmName ?? '');
      }
      return names.filter((name) => !quiet.has(name));
    },

    async backupRetentionDays(instanceIdentifier, signal) {
      const { sdk, client } = await clients.rds();
      try {
        const input = { DBInstanceIdentifier: instanceIdentifier };
        const answer = await during(signal, (options) =>
          client.send(new sdk.DescribeDBInstancesCommand(input), options),
        );
        return answer.DBInstances?.[0]?.BackupRetentionPeriod;
      } catch (error) {
        if (error instanceof sdk.DBInstanceNotFoundFault) return undefined;
        throw error;
      }
    },

    async secretChangedAtMilliseconds(secretId, signal) {
      const { sdk, client } = await clients.secretsManager();
      // CreatedDate is that of the version: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
      const { CreatedDate } = await during(signal, (options) =>
        client.send(new sdk.GetSecretValueCommand({ SecretId: secretId }), options),
      );
      return CreatedDate?.getTime() ?? 0;
    },

    takeSnapshot: (instanceIdentifier, snapshotIdentifier) =>
      takeSnapshot(clients, clock, instanceIdentifier, snapshotIdentifier),
  };
}
