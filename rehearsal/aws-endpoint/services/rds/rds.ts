import * as sdk from '@aws-sdk/client-rds';
import type { EndpointSeed } from '../../seed';
import { AwsError } from '../../wire/aws-error';
import { defineService } from '../../wire/service';
import type { Service } from '../../wire/service';
import { readServiceModel } from '../../wire/service-model';
import { page } from '../paging';
import type { Page } from '../paging';
import { SnapshotStore } from './snapshot-store';

interface Paging {
  MaxRecords?: number | undefined;
  Marker?: string | undefined;
}

function records<T>(items: readonly T[], { MaxRecords = 100, Marker }: Paging): Page<T> {
  if (MaxRecords >= 20 && MaxRecords <= 100) return page(items, MaxRecords, Marker);
  throw new AwsError('InvalidParameterValue', `Invalid value ${MaxRecords} for MaxRecords. Must be between 20 and 100`);
}

/** RDS: the seed's instances, clusters and parameter groups, and snapshots that can be made. */
export function rdsService(seed: EndpointSeed): Service {
  const instances = seed.dbInstances as unknown as sdk.DBInstance[];
  const clusters = seed.dbClusters as unknown as sdk.DBCluster[];
  const snapshots = new SnapshotStore(seed);

  const instance = (identifier: string | undefined): sdk.DBInstance => {
    const found = instances.find(({ DBInstanceIdentifier: id }) => id?.toLowerCase() === identifier?.toLowerCase());
    if (found !== undefined) return found;
    throw new sdk.DBInstanceNotFoundFault({ message: `DBInstance ${identifier ?? ''} not found.`, $metadata: {} });
  };

  return defineService<typeof sdk>(readServiceModel(sdk, sdk.RDSClient), {
    DescribeDBInstances(input) {
      if (input.DBInstanceIdentifier !== undefined) return { DBInstances: [instance(input.DBInstanceIdentifier)] };
      const { items, next } = records(instances, input);
      return { DBInstances: items, Marker: next };
    },

    DescribeDBClusters(input) {
      const wanted = input.DBClusterIdentifier;
      const found = clusters.filter(({ DBClusterIdentifier: id }) => wanted === undefined || id === wanted);
      if (wanted !== undefined && found.length === 0) {
        throw new sdk.DBClusterNotFoundFault({ message: `DBCluster ${wanted} not found.`, $metadata: {} });
      }
      const { items, next } = records(found, input);
      return { DBClusters: items, Marker: next };
    },

    DescribeDBParameters(input) {
      const group = seed.dbParameterGroups.find(({ name }) => name === input.DBParameterGroupName);
      if (group === undefined) {
        const message = `DBParameterGroup not found: ${input.DBParameterGroupName ?? ''}`;
        throw new sdk.DBParameterGroupNotFoundFault({ message, $metadata: {} });
      }
      const { items, next } = records(group.parameters as sdk.Parameter[], input);
      return { Parameters: items, Marker: next };
    },

    CreateDBSnapshot({ DBInstanceIdentifier, DBSnapshotIdentifier = '' }) {
      const source = instance(DBInstanceIdentifier);
      if (source.DBInstanceStatus !== undefined && source.DBInstanceStatus !== 'available') {
        const message = `Instance ${DBInstanceIdentifier ?? ''} is not in available state: ${source.DBInstanceStatus}.`;
        throw new sdk.InvalidDBInstanceStateFault({ message, $metadata: {} });
      }
      return { DBSnapshot: snapshots.create(source, DBSnapshotIdentifier) };
    },

    DescribeDBSnapshots(input) {
      const { items, next } = records(snapshots.find(input.DBSnapshotIdentifier, input.DBInstanceIdentifier), input);
      return { DBSnapshots: items, Marker: next };
    },
  });
}
