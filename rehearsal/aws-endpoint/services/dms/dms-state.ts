import { ResourceNotFoundFault } from '@aws-sdk/client-database-migration-service';
import type { Connection as DmsConnection, ReplicationInstance } from '@aws-sdk/client-database-migration-service';
import type { Connection, ReplicatorMessage } from '../../control/control-messages';
import type { ReplicatorLink } from '../../control/control-server';
import type { EndpointSeed } from '../../seed';
import type { DmsEndpointSeed } from '../../seed-of-services';
import type { SecretStore } from '../secrets-manager';
import { ReplicationTask } from './replication-task';
import type { StartOrder, TaskSurroundings } from './replication-task';

function missing(message: string): ResourceNotFoundFault {
  return new ResourceNotFoundFault({ message, $metadata: {} });
}

/** Replication instances, endpoints, connections, tasks and serverless replications, and the way to the replicator. */
export class DmsState implements TaskSurroundings {
  readonly instances: readonly ReplicationInstance[];
  readonly endpoints: readonly DmsEndpointSeed[];
  readonly tasks: readonly ReplicationTask[];
  /** Serverless ones: the same machine, under other names. */
  readonly replications: readonly ReplicationTask[];
  readonly connections = new Map<string, DmsConnection>();
  readonly startMilliseconds: number;
  readonly stopMilliseconds: number;
  /** Faults: starts that are to fail, each used once. */
  readonly startFailures: { taskArn: string | undefined; message: string }[] = [];
  private readonly link: ReplicatorLink;
  private readonly secrets: SecretStore;

  constructor(seed: EndpointSeed['dms'], secrets: SecretStore, link: ReplicatorLink) {
    this.instances = seed.replicationInstances;
    this.endpoints = seed.endpoints;
    this.startMilliseconds = seed.startSeconds * 1000;
    this.stopMilliseconds = seed.stopSeconds * 1000;
    this.secrets = secrets;
    this.link = link;
    this.tasks = seed.tasks.map((task) => new ReplicationTask(task, this));
    this.replications = seed.replications.map((replication) => new ReplicationTask(replication, this));
  }

  /** @throws ResourceNotFoundFault */
  task(arn: string | undefined): ReplicationTask {
    const task = this.tasks.find(({ seed }) => seed.arn === arn);
    if (task !== undefined) return task;
    throw missing(`Replication Task ${arn ?? ''} not found.`);
  }

  /** @throws ResourceNotFoundFault */
  replication(arn: string | undefined): ReplicationTask {
    const replication = this.replications.find(({ seed }) => seed.arn === arn);
    if (replication !== undefined) return replication;
    throw missing(`Replication Config ${arn ?? ''} not found.`);
  }

  /** What the replicator runs. */
  get all(): readonly ReplicationTask[] {
    return [...this.tasks, ...this.replications];
  }

  /** @throws ResourceNotFoundFault */
  endpoint(arn: string | undefined): DmsEndpointSeed {
    const endpoint = this.endpoints.find((candidate) => candidate.arn === arn);
    if (endpoint !== undefined) return endpoint;
    throw missing(`Endpoint ${arn ?? ''} not found.`);
  }

  /** @throws ResourceNotFoundFault */
  instance(arn: string | undefined): ReplicationInstance {
    const instance = this.instances.find((candidate) => candidate.ReplicationInstanceArn === arn);
    if (instance !== undefined) return instance;
    throw missing(`Replication Instance ${arn ?? ''} not found.`);
  }

  order(task: ReplicationTask, order: StartOrder): boolean {
    const { seed } = task;
    let source: Connection;
    let target: Connection;
    try {
      source = this.connection(seed.sourceEndpointArn);
      target = this.connection(seed.targetEndpointArn);
    } catch (error) {
      task.fail(`Last Error ${error instanceof Error ? error.message : String(error)}`);
      return true;
    }
    return this.link.send({
      type: 'start',
      task: {
        arn: seed.arn,
        identifier: task.identifier,
        migrationType: seed.migrationType,
        startType: order.startType,
        cdcStartPosition: order.cdcStartPosition,
        tableMappings: task.tableMappings,
        settings: task.settings,
        source,
        target,
        checkpoint: order.startType === 'resume-processing' ? task.recoveryCheckpoint : undefined,
      },
    });
  }

  halt(task: ReplicationTask): boolean {
    return this.link.send({ type: 'stop', taskArn: task.seed.arn });
  }

  startFailure(task: ReplicationTask): string | undefined {
    const index = this.startFailures.findIndex(({ taskArn }) => taskArn === undefined || taskArn === task.seed.arn);
    return index < 0 ? undefined : this.startFailures.splice(index, 1)[0]?.message;
  }

  /** Takes over what the replicator says; messages about unknown tasks are dropped. */
  receive(message: ReplicatorMessage): void {
    if (message.type === 'hello' || message.type === 'metrics') return;
    const task = this.all.find(({ seed }) => seed.arn === message.taskArn);
    if (task === undefined) return;
    if (message.type === 'status') task.report(message);
    else {
      task.fullLoadProgressPercent = message.fullLoadProgressPercent ?? task.fullLoadProgressPercent;
      for (const table of message.tables) task.tables.set(`${table.schema}.${table.table}`, table);
    }
  }

  /** The replicator is gone: what it ran has failed. */
  lost(): void {
    for (const task of this.all) task.fail('Last Error Replication engine terminated unexpectedly.');
  }

  dispose(): void {
    for (const task of this.all) task.dispose();
  }

  private connection(endpointArn: string): Connection {
    const endpoint = this.endpoint(endpointArn);
    const secret = this.secrets.find(endpoint.secretId);
    if (secret === undefined) throw new Error(`Unable to read secret ${endpoint.secretId} of ${endpoint.identifier}.`);
    const { username, password } = JSON.parse(secret.value) as { username: string; password: string };
    const { engine, host, port, database, serverName, caCertificatePem, slotName, afterConnectScript } = endpoint;
    const place = { engine, host, port, database, tlsServerName: serverName, caCertificatePem };
    return { ...place, username, password, slotName, afterConnectScript };
  }
}
