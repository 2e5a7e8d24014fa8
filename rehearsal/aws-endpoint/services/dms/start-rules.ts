import { type EngineName, familyOf } from '../../../../definition/engines';
import { AwsError } from '../../wire/aws-error';
import type { ReplicationTask, StartOrder } from './replication-task';

/** What a start of either kind asks for. */
export interface StartInput {
  readonly startType: string | undefined;
  readonly CdcStartPosition?: string | undefined;
  readonly CdcStartTime?: Date | undefined;
  readonly CdcStopPosition?: string | undefined;
}

const startTypes = ['start-replication', 'resume-processing', 'reload-target'] as const;

function combination(message: string): AwsError {
  return new AwsError('InvalidParameterCombinationException', message);
}

/**
 * Whether a task may be started in this way. A first run is `start-replication`; afterwards a full load goes on with
 * `resume-processing` or begins again with `reload-target`, while a task for changes only may be started anew from a
 * position. The codes are what DMS answers (SPEC.md).
 */
export function startOrder(task: ReplicationTask, input: StartInput, source: EngineName): StartOrder {
  const { CdcStartPosition: position, CdcStartTime: time, CdcStopPosition: stop } = input;
  const startType = startTypes.find((type) => type === input.startType);
  if (startType === undefined) {
    throw new AwsError('InvalidParameterValueException', `Invalid start type: ${String(input.startType)}`);
  }
  if (position !== undefined && time !== undefined) {
    throw combination('CdcStartPosition and CdcStartTime cannot both be specified');
  }
  if (time !== undefined) refuseTime(source);
  if (position !== undefined) checkNotation(position, source);
  if (stop !== undefined) throw combination('CdcStopPosition is not supported by this endpoint');

  const name = startType.toUpperCase().replace('-', '_');
  const changesOnly = task.seed.migrationType === 'cdc';
  if (!task.hasRun && startType !== 'start-replication') {
    throw combination(`Start Type : ${name}, valid only for tasks running previously`);
  }
  if (startType === 'reload-target' && changesOnly) {
    throw combination(`Start Type : ${name}, not valid for tasks of migration type cdc`);
  }
  if (task.hasRun && startType === 'start-replication' && !(changesOnly && position !== undefined)) {
    throw combination(`Start Type : ${name}, valid only for tasks running for the first time`);
  }
  if (position !== undefined && task.seed.migrationType === 'full-load') {
    throw combination('CdcStartPosition is not valid for tasks of migration type full-load');
  }
  return { startType, cdcStartPosition: position };
}

function refuseTime(source: EngineName): never {
  if (familyOf(source) === 'mysql') {
    // DMS does this for MySQL; the replicator that stands for it has no such start.
    throw new AwsError('NotImplemented', 'CdcStartTime is not supported here; use CdcStartPosition', 501);
  }
  throw combination(
    'CdcStartTime is not supported for a PostgreSQL source; use CdcStartPosition with a native start point',
  );
}

/** The native start point as the source's engine writes it, bare or as a whole checkpoint. */
const nativeStartPoints = {
  postgres: { form: /^[0-9A-Fa-f]{1,8}\/[0-9A-Fa-f]{1,8}$/, example: '16/B374D848' },
  mysql: { form: /^[^:#]+\.\d+:\d+$/, example: 'mysql-bin-changelog.000024:373' },
};

function checkNotation(position: string, source: EngineName): void {
  const { form, example } = nativeStartPoints[familyOf(source) === 'mysql' ? 'mysql' : 'postgres'];
  const native = /^checkpoint:V1#\d+#(.+?)(?::-1:.*)?#/.exec(position)?.[1] ?? position;
  if (form.test(native)) return;
  throw new AwsError(
    'InvalidParameterValueException',
    `CdcStartPosition ${position} is not a native start point of engine ${source}, such as ${example}`,
  );
}
