import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import {
  DatabaseMigrationServiceClient,
  DescribeReplicationTasksCommand,
  StopReplicationTaskCommand,
} from '@aws-sdk/client-database-migration-service';
import {
  GetParameterCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  SSMClient,
  type Parameter,
} from '@aws-sdk/client-ssm';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { weightedRecords } from '../../../rehearsal/endpoint-contents';
import { readName, rehearsalEnvironmentName, rehearsalZoneId, writeName } from '../../../rehearsal/local-place';
import type { RehearsalWorld } from '../../../rehearsal/world';
import { postgresOf } from '../../../rehearsal/engines/any-engine';

export type Side = 'source' | 'target';
const sides: readonly Side[] = ['source', 'target'];

/** A world with hands in it: what others than the product can do to databases, to AWS, and to the replication. */
export class Stage {
  readonly world: RehearsalWorld;
  private readonly superusers: Record<Side, Client>;
  private readonly sessions = new Map<string, Client>();
  private readonly cloudLines: AsyncIterator<Record<string, unknown>>;
  readonly ssm: SSMClient;
  readonly route53: Route53Client;
  private readonly dms: DatabaseMigrationServiceClient;
  readonly awsSettings: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };

  private constructor(world: RehearsalWorld, superusers: Record<Side, Client>) {
    this.world = world;
    this.superusers = superusers;
    this.cloudLines = world.cloud.stdoutLines()[Symbol.asyncIterator]();
    this.awsSettings = {
      endpoint: world.environment['AWS_ENDPOINT_URL'] ?? '',
      region: world.environment['AWS_REGION'] ?? '',
      credentials: { accessKeyId: 'somebody', secretAccessKey: 'else' },
    };
    this.ssm = new SSMClient(this.awsSettings);
    this.route53 = new Route53Client(this.awsSettings);
    this.dms = new DatabaseMigrationServiceClient(this.awsSettings);
  }

  static async on(world: RehearsalWorld): Promise<Stage> {
    const connect = async (side: Side) => {
      const client = new Client({ ...postgresOf(world.engines[side]).superuser, database: world.scenario.database });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    };
    return new Stage(world, { source: await connect('source'), target: await connect('target') });
  }

  async close(): Promise<void> {
    for (const client of [...this.sessions.values(), ...Object.values(this.superusers)])
      await client.end().catch(() => undefined);
    for (const client of [this.ssm, this.route53, this.dms]) client.destroy();
  }

  /** As the engine's superuser. */
  async sql(side: Side, text: string): Promise<Record<string, unknown>[]> {
    const result: unknown = await this.superusers[side].query(text);
    return Array.isArray(result) ? [] : (result as { rows: Record<string, unknown>[] }).rows;
  }

  /** A session of its own that stays open, in which `text` was run; `as` logs in with the account's own password. */
  async session(name: string, side: Side, text: string, as?: { user: string; password: string }): Promise<void> {
    const client = new Client({
      ...postgresOf(this.world.engines[side]).superuser,
      database: this.world.scenario.database,
      ...as,
    });
    client.on('error', () => undefined);
    await client.connect();
    this.sessions.set(name, client);
    await client.query(text);
  }

  /** Ends it; what it had not committed is gone. */
  async endSession(name: string): Promise<void> {
    await this.sessions.get(name)?.end();
    this.sessions.delete(name);
  }

  /** A misfortune of the cloud or of the replicator; resolves when the cloud has taken it. */
  async fault(fault: object): Promise<void> {
    this.world.cloud.send({ type: 'fault', fault });
    for (;;) {
      const line = await this.cloudLines.next();
      if (line.done) throw new Error('the cloud has ended');
      if (line.value['type'] === 'fault.added') return;
      if (line.value['type'] === 'fault.refused') throw new Error(JSON.stringify(line.value));
    }
  }

  /** Somebody else stops a task; resolves when it is down. */
  async stopTask(arn: string): Promise<void> {
    const read = async () =>
      (
        await this.dms.send(
          new DescribeReplicationTasksCommand({
            Filters: [{ Name: 'replication-task-arn', Values: [arn] }],
            WithoutSettings: true,
          }),
        )
      ).ReplicationTasks?.[0];
    const task = await read();
    if (task?.Status === 'running') await this.dms.send(new StopReplicationTaskCommand({ ReplicationTaskArn: arn }));
    for (const deadline = Date.now() + 60_000; ; await sleep(50)) {
      const status = (await read())?.Status;
      if (status === 'stopped' || status === 'failed') return;
      if (Date.now() > deadline) throw new Error(`${arn} is ${status}`);
    }
  }

  /** Somebody else changes one name's weights or its TTL in Route 53. */
  async record(
    kind: 'read' | 'write',
    wanted: { source?: number; target?: number; ttlSeconds?: number; healthCheckId?: string },
  ): Promise<void> {
    const { definition, scenario } = this.world;
    const name = kind === 'write' ? writeName(scenario.name) : readName(scenario.name);
    const sets = weightedRecords(definition, scenario.name).filter((set) => set.Name === name);
    const Changes = sets.map((set) => ({
      Action: 'UPSERT' as const,
      ResourceRecordSet: {
        ...set,
        TTL: wanted.ttlSeconds ?? set.TTL,
        ...(wanted.healthCheckId ? { HealthCheckId: wanted.healthCheckId } : {}),
        Weight: wanted[set.SetIdentifier.endsWith('source') ? 'source' : 'target'] ?? set.Weight,
      },
    }));
    const input = { HostedZoneId: rehearsalZoneId, ChangeBatch: { Changes } };
    await this.route53.send(new ChangeResourceRecordSetsCommand(input));
  }

  get parameterRoot(): string {
    return `/cutover/${rehearsalEnvironmentName}/${this.world.scenario.name}`;
  }

  /** Rewrites one parameter below the migration's root. @returns what puts it back */
  async parameter(path: string, change: (value: string) => string): Promise<() => Promise<void>> {
    const Name = `${this.parameterRoot}/${path}`;
    const { Parameter: found } = await this.ssm.send(new GetParameterCommand({ Name }));
    const value = found?.Value ?? '';
    const put = async (Value: string) => {
      await this.ssm.send(new PutParameterCommand({ Name, Value, Overwrite: true, Tier: 'Advanced' }));
    };
    await put(change(value));
    return () => put(value);
  }

  /** Everything that a refused verb must leave as it was. The epoch is left out: it counts the locks that were taken. */
  async fingerprint(): Promise<unknown> {
    const databases = await Promise.all(sides.map((side) => this.databaseFingerprint(side)));
    const records = await this.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: rehearsalZoneId }));
    const weights = (records.ResourceRecordSets ?? [])
      .filter((set) => set.Weight !== undefined)
      .map(({ Name, SetIdentifier, Weight, TTL }) => [Name, SetIdentifier, Weight, TTL]);
    const tasks = await this.dms.send(new DescribeReplicationTasksCommand({ WithoutSettings: true }));
    return {
      databases,
      weights,
      parameters: (await this.parameters()).map(({ Name, Value, Version }) => [Name, Value, Version]),
      tasks: (tasks.ReplicationTasks ?? []).map((task) => [
        task.ReplicationTaskIdentifier,
        task.Status,
        task.ReplicationTaskStartDate?.toISOString(),
      ]),
    };
  }

  private async parameters(): Promise<Parameter[]> {
    const found: Parameter[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.ssm.send(
        new GetParametersByPathCommand({ Path: this.parameterRoot, Recursive: true, NextToken }),
      );
      found.push(...(page.Parameters ?? []));
      NextToken = page.NextToken;
    } while (NextToken);
    return found;
  }

  private async databaseFingerprint(side: Side): Promise<unknown> {
    const control = async (sql: string) => {
      const [row] = await this.sql(side, `SELECT to_regclass('cutover_local.state') IS NOT NULL AS installed`);
      return row?.['installed'] ? this.sql(side, sql) : 'not installed';
    };
    return {
      roles: await this.sql(
        side,
        `SELECT rolname, rolcanlogin, rolsuper FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1`,
      ),
      slots: await this.sql(side, 'SELECT slot_name, plugin, active FROM pg_replication_slots ORDER BY 1'),
      tables: await this.sql(
        side,
        `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND oid >= 16384 ORDER BY 1`,
      ),
      sequences: await this.sql(side, 'SELECT sequencename, last_value FROM pg_sequences ORDER BY 1'),
      state: await control('SELECT primary_side, direction, phase, switch_epoch, detail FROM cutover_local.state'),
      decisions: await control('SELECT switch_epoch, direction, outcome FROM cutover_local.decision ORDER BY 1'),
      fenced: await control('SELECT * FROM cutover_local.fenced_account ORDER BY 1, 2'),
    };
  }
}
