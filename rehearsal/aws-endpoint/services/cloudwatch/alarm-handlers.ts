import { ResourceNotFound } from '@aws-sdk/client-cloudwatch';
import type * as sdk from '@aws-sdk/client-cloudwatch';
import type { EndpointSeed } from '../../seed';
import type { Handlers } from '../../wire/service';
import { page } from '../paging';
import { evaluate } from './alarm-state';
import type { MetricStore } from './metric-store';

/** Alarms: the seed's, which keep the state they are given, and those put later, which follow their metric. */
export function alarmHandlers(seed: EndpointSeed, metrics: MetricStore): Handlers<typeof sdk> {
  const alarms = new Map<string, sdk.MetricAlarm>();
  const arn = (name: string): string => `arn:aws:cloudwatch:${seed.region}:${seed.accountId}:alarm:${name}`;
  for (const { name, state, ...rest } of seed.alarms) {
    alarms.set(name, {
      AlarmName: name,
      AlarmArn: arn(name),
      StateValue: state,
      StateUpdatedTimestamp: new Date(),
      ...rest,
    });
  }

  const refresh = (alarm: sdk.MetricAlarm): sdk.MetricAlarm => {
    const state = evaluate(alarm, metrics, Date.now());
    if (state !== undefined && state !== alarm.StateValue) {
      alarm.StateValue = state;
      alarm.StateUpdatedTimestamp = new Date();
    }
    return alarm;
  };

  return {
    DescribeAlarms({ AlarmNames, AlarmNamePrefix, StateValue, AlarmTypes, MaxRecords, NextToken }) {
      const found = [...alarms.values()].map(refresh).filter(({ AlarmName = '', StateValue: state }) => {
        if (AlarmNames !== undefined && AlarmNames.length > 0 && !AlarmNames.includes(AlarmName)) return false;
        return AlarmName.startsWith(AlarmNamePrefix ?? '') && (StateValue === undefined || state === StateValue);
      });
      const metricAlarms = AlarmTypes === undefined || AlarmTypes.length === 0 || AlarmTypes.includes('MetricAlarm');
      const { items, next } = page(metricAlarms ? found : [], MaxRecords ?? 50, NextToken);
      return { MetricAlarms: items, CompositeAlarms: [], NextToken: next };
    },

    PutMetricAlarm({ Tags: _tags, ...input }) {
      const name = input.AlarmName ?? '';
      const previous = alarms.get(name);
      alarms.set(name, {
        ...input,
        AlarmArn: arn(name),
        StateValue: previous?.StateValue ?? 'INSUFFICIENT_DATA',
        StateUpdatedTimestamp: previous?.StateUpdatedTimestamp ?? new Date(),
        AlarmConfigurationUpdatedTimestamp: new Date(),
      });
      return {};
    },

    SetAlarmState({ AlarmName, StateValue, StateReason }) {
      const alarm = alarms.get(AlarmName ?? '');
      if (alarm === undefined)
        throw new ResourceNotFound({ message: `Unknown alarm ${AlarmName ?? ''}`, $metadata: {} });
      Object.assign(alarm, { StateValue, StateReason, StateUpdatedTimestamp: new Date() });
      return {};
    },

    DeleteAlarms({ AlarmNames = [] }) {
      for (const name of AlarmNames) {
        if (!alarms.delete(name)) throw new ResourceNotFound({ message: `Unknown alarm ${name}`, $metadata: {} });
      }
      return {};
    },
  };
}
