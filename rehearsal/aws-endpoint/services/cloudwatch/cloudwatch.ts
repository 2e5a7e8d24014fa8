import * as sdk from '@aws-sdk/client-cloudwatch';
import type { EndpointSeed } from '../../seed';
import { defineService } from '../../wire/service';
import type { Service } from '../../wire/service';
import { readServiceModel } from '../../wire/service-model';
import { alarmHandlers } from './alarm-handlers';
import { metricHandlers } from './metric-handlers';
import type { MetricStore } from './metric-store';

/** CloudWatch's metrics and alarms. */
export function cloudWatchService(seed: EndpointSeed, metrics: MetricStore): Service {
  const model = readServiceModel(sdk, sdk.CloudWatchClient);
  const handlers = { ...metricHandlers(metrics, seed.metricPeriodSeconds), ...alarmHandlers(seed, metrics) };
  return defineService<typeof sdk>(model, handlers);
}
