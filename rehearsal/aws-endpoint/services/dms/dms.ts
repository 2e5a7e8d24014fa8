import * as sdk from '@aws-sdk/client-database-migration-service';
import { defineService } from '../../wire/service';
import type { Service } from '../../wire/service';
import { readServiceModel } from '../../wire/service-model';
import type { DmsState } from './dms-state';
import { instanceHandlers } from './instance-handlers';
import { replicationHandlers } from './replication-handlers';
import { taskHandlers } from './task-handlers';

/** The Database Migration Service over this state. */
export function dmsService(state: DmsState): Service {
  const model = readServiceModel(sdk, sdk.DatabaseMigrationServiceClient);
  return defineService<typeof sdk>(model, {
    ...taskHandlers(state),
    ...replicationHandlers(state),
    ...instanceHandlers(state),
  });
}
