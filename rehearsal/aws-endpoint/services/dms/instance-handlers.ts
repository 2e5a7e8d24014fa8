import { ResourceNotFoundFault } from '@aws-sdk/client-database-migration-service';
import type * as sdk from '@aws-sdk/client-database-migration-service';
import { connect } from 'node:net';
import type { Handlers } from '../../wire/service';
import { describeEndpoint } from './descriptions';
import type { DmsState } from './dms-state';
import { filtered, recordsPage } from './filters';

const connectTimeoutMilliseconds = 5_000;

/** The reason why an address cannot be reached, or undefined if it can. */
function reach(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: connectTimeoutMilliseconds });
    const end = (reason: string | undefined): void => {
      socket.destroy();
      resolve(reason);
    };
    socket.once('connect', () => end(undefined));
    socket.once('timeout', () => end(`no answer within ${connectTimeoutMilliseconds} ms`));
    socket.once('error', (error) => end(error.message));
  });
}

function orNotFound<T>(found: T[], what: string, filters: sdk.Filter[] | undefined): T[] {
  if (found.length > 0 || (filters?.length ?? 0) === 0) return found;
  const message = `No ${what} found matching the following criteria: ${JSON.stringify(filters)}`;
  throw new ResourceNotFoundFault({ message, $metadata: {} });
}

/** Replication instances, endpoints, and the test whether one reaches the other. */
export function instanceHandlers(state: DmsState): Handlers<typeof sdk> {
  return {
    DescribeReplicationInstances(input) {
      const found = filtered(state.instances, input.Filters, {
        'replication-instance-arn': (instance) => instance.ReplicationInstanceArn,
        'replication-instance-id': (instance) => instance.ReplicationInstanceIdentifier,
        'replication-instance-class': (instance) => instance.ReplicationInstanceClass,
        'engine-version': (instance) => instance.EngineVersion,
      });
      const { items, next } = recordsPage(orNotFound(found, 'Replication Instances', input.Filters), input);
      const described = items.map((instance) => ({ ReplicationInstanceStatus: 'available', ...instance }));
      return { ReplicationInstances: described, Marker: next };
    },

    DescribeEndpoints(input) {
      const found = filtered(state.endpoints, input.Filters, {
        'endpoint-arn': (endpoint) => endpoint.arn,
        'endpoint-type': (endpoint) => endpoint.type,
        'endpoint-id': (endpoint) => endpoint.identifier,
        'engine-name': (endpoint) => endpoint.engine,
      });
      const { items, next } = recordsPage(orNotFound(found, 'Endpoints', input.Filters), input);
      return { Endpoints: items.map(describeEndpoint), Marker: next };
    },

    TestConnection({ ReplicationInstanceArn, EndpointArn }) {
      const instance = state.instance(ReplicationInstanceArn);
      const endpoint = state.endpoint(EndpointArn);
      const connection: sdk.Connection = {
        ReplicationInstanceArn,
        ReplicationInstanceIdentifier: instance.ReplicationInstanceIdentifier,
        EndpointArn,
        EndpointIdentifier: endpoint.identifier,
        Status: 'testing',
      };
      state.connections.set(`${ReplicationInstanceArn ?? ''} ${EndpointArn ?? ''}`, connection);
      void reach(endpoint.host, endpoint.port).then((reason) => {
        connection.Status = reason === undefined ? 'successful' : 'failed';
        connection.LastFailureMessage = reason && `Test Endpoint failed: Application-Detailed-Message: ${reason}`;
      });
      return { Connection: { ...connection } };
    },

    DescribeConnections(input) {
      const found = filtered([...state.connections.values()], input.Filters, {
        'endpoint-arn': (connection) => connection.EndpointArn,
        'replication-instance-arn': (connection) => connection.ReplicationInstanceArn,
      });
      const { items, next } = recordsPage(found, input);
      return { Connections: items, Marker: next };
    },
  };
}
