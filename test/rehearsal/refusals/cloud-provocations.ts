import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type ServerAddress } from '../../../rehearsal/name-server/ask';
import { readName } from '../../../rehearsal/local-place';
import type { Provocation } from './refusal';
import type { Stage } from './stage';

const asDeployed = { source: 255, target: 0, ttlSeconds: 1 };
const loadTask = 'arn:aws:dms:eu-central-1:000000000000:task:CUTOVERLOAD';

export const tableInError: Provocation = {
  title: 'a table in error',
  provoke: (stage) =>
    stage.fault({ kind: 'table-state', taskArn: loadTask, schema: 'public', table: 'pets', state: 'Table error' }),
  undo: (stage) =>
    stage.fault({ kind: 'table-state', taskArn: loadTask, schema: 'public', table: 'pets', state: null }),
  code: 'table-not-replicated',
  says: /public\.pets is in state "Table error"; every table must be "Table completed"/,
  next: /^aws dms reload-tables --replication-task-arn arn:aws:dms:\S+:CUTOVERLOAD --tables-to-reload SchemaName=public,TableName=pets$/,
};

export const splitWriteRecord: Provocation = {
  title: 'a write record with split weights',
  provoke: (stage) => stage.record('write', { source: 128, target: 127 }),
  undo: (stage) => stage.record('write', asDeployed),
  code: 'write-record-split',
  says: /^tiny-db\.rehearsal\.internal has weights source 128, target 127, allowed is source 255, target 0/,
  setting: 'records',
};

export const weightsOfSomebodyElse: Provocation = {
  title: 'weights that somebody else changed',
  provoke: (stage) => stage.record('write', { source: 0, target: 255 }),
  undo: (stage) => stage.record('write', asDeployed),
  code: 'weights-changed',
  says: /^tiny-db\.rehearsal\.internal has weights source 0, target 255, yet the source is primary, so they must be source 255, target 0/,
  setting: 'records',
};

export const healthCheck: Provocation = {
  title: 'a health check on a write record',
  provoke: (stage) => stage.record('write', { ...asDeployed, healthCheckId: 'e2a1b0c4-0000-4000-8000-000000000001' }),
  undo: (stage) => stage.record('write', asDeployed),
  code: 'health-check-on-write-record',
  says: /^tiny-db\.rehearsal\.internal would fail back to a stale side/,
  setting: 'records',
};

let parametersAsBefore: (() => Promise<void>) | undefined;
export const parameterDisagrees: Provocation = {
  title: 'SSM and Route 53 that disagree',
  provoke: async (stage) => {
    parametersAsBefore = await stage.parameter('weights/tiny-db-read.rehearsal.internal/target', () => '50');
  },
  undo: async () => parametersAsBefore?.(),
  code: 'weights-disagree',
  says: /^tiny-db-read\.rehearsal\.internal: Route 53 says source 255, target 0, SSM says source 255, target 50/,
  setting: '/cutover/rehearsal/tiny/weights/tiny-db-read.rehearsal.internal/source',
  next: /^aws ssm put-parameter --overwrite --name \S+\/source --value 255; aws ssm put-parameter --overwrite --name \S+\/target --value 0$/,
};

const patienceMilliseconds = 60_000;

/** For how many seconds a name server lets the read name's answer be kept. */
async function secondsKept({ world }: Stage, server: ServerAddress): Promise<number> {
  const question = { name: readName(world.scenario.name), type: 'A' as const, class: 'IN' as const };
  const { answers } = await ask(server, question, 5_000);
  const [first] = answers ?? [];
  return first && 'ttl' in first ? (first.ttl ?? 0) : 0;
}

async function untilKept(stage: Stage, server: ServerAddress, fits: (seconds: number) => boolean): Promise<void> {
  for (const deadline = Date.now() + patienceMilliseconds; !fits(await secondsKept(stage, server)); await sleep(100))
    if (Date.now() > deadline) throw new Error(`${server.host} lets its answer be kept for another time`);
}

/** A change has reached every authoritative server: no resolver can learn the old TTL any more. */
const untilServed = (stage: Stage, seconds: number) =>
  Promise.all(stage.world.place.nameServers.map((server) => untilKept(stage, server, (kept) => kept === seconds)));

export const highTtl: Provocation = {
  title: 'a TTL that is too high',
  provoke: (stage) => stage.record('read', { ttlSeconds: 120 }),
  undo: async (stage) => {
    await stage.record('read', asDeployed);
    await untilServed(stage, 1);
  },
  code: 'ttl-too-high',
  says: /^tiny-db-read\.rehearsal\.internal has a TTL of 120 s, 60 s are allowed/,
  setting: 'gates.maxTtlSeconds',
};

const oldTtlSeconds = 12;
/** The resolver still counts the old TTL down while the record has the low one again. */
export const lowTtlOfLate: Provocation = {
  title: 'a TTL that was lowered too recently',
  provoke: async (stage) => {
    await stage.record('read', { ttlSeconds: oldTtlSeconds });
    await untilServed(stage, oldTtlSeconds);
    await secondsKept(stage, stage.world.place.resolver);
    await stage.record('read', asDeployed);
  },
  code: 'ttl-lowered-recently',
  says: /keeps its answer for tiny-db-read\.rehearsal\.internal for another \d+ s, the record’s TTL is 1 s/,
  setting: 'records[].ttlSeconds',
  next: /^wait \d+ s, then cutover check/,
};
export const untilOldTtlHasPassed = (stage: Stage) =>
  untilKept(stage, stage.world.place.resolver, (seconds) => seconds <= 1);

/** Another value of a part of the deployed manifest, and its way back. */
const manifestPart = (part: string, change: (value: Record<string, unknown>) => object) => {
  let asBefore: (() => Promise<void>) | undefined;
  return {
    provoke: async (stage: Stage) => {
      asBefore = await stage.parameter(`manifest/${part}`, (value) =>
        JSON.stringify(change(JSON.parse(value) as Record<string, unknown>)),
      );
    },
    undo: async () => asBefore?.(),
  };
};

export const longHold: Provocation = {
  title: 'data that was not equal for as long as asked for',
  ...manifestPart('gates', (gates) => ({ ...gates, consistencyHoldSeconds: 99_999, minBackupRetentionDays: 7 })),
  code: 'consistency-not-held',
  says: /consistent for \d+ s, 99999 s are asked for/,
  setting: 'gates.consistencyHoldSeconds',
};

export const noBackups: Provocation = {
  title: 'a target that is not backed up',
  ...manifestPart('databases', ({ target, ...rest }) => ({
    ...rest,
    target: { ...(target as object), instanceIdentifier: 'tiny-forgotten' },
  })),
  code: 'no-backups',
  says: /tiny-forgotten keeps backups for 0 days, 7 are asked for/,
  setting: 'gates.minBackupRetentionDays',
  next: /^aws rds modify-db-instance --db-instance-identifier tiny-forgotten --backup-retention-period 7/,
};

export const stackUpdating: Provocation = {
  title: 'a stack update in progress',
  provoke: (stage) =>
    stage.fault({ kind: 'stack-status', name: 'rehearsal-tiny-routing', status: 'UPDATE_IN_PROGRESS' }),
  undo: (stage) => stage.fault({ kind: 'stack-status', name: 'rehearsal-tiny-routing', status: 'UPDATE_COMPLETE' }),
  code: 'stack-updating',
  says: /^rehearsal-tiny-routing is being updated/,
  setting: 'routing.stackNames',
  next: /^aws cloudformation wait stack-update-complete --stack-name rehearsal-tiny-routing$/,
};
