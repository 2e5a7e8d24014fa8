import * as sdk from '@aws-sdk/client-route-53';
import { defineService } from '../../wire/service';
import type { Service } from '../../wire/service';
import { readServiceModel } from '../../wire/service-model';
import { changeHandlers } from './change-handlers';
import type { Route53State } from './route53-state';
import { zoneHandlers } from './zone-handlers';

/** Route 53 over this state. */
export function route53Service(state: Route53State): Service {
  const model = readServiceModel(sdk, sdk.Route53Client);
  return defineService<typeof sdk>(model, { ...zoneHandlers(state), ...changeHandlers(state) });
}
