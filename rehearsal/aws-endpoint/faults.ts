import type { Fault } from './fault-schema';
import type { EndpointSeed } from './seed';
import type { ReplicatorLink } from './control/control-server';
import type { DmsState } from './services/dms/dms-state';
import type { MetricPublisher } from './services/dms/metric-publisher';
import type { SecretStore } from './services/secrets-manager';
import type { Route53State } from './services/route53/route53-state';
import { AwsError } from './wire/aws-error';
import type { Call } from './wire/dispatch';

type CallFault = Extract<Fault, { operation: string }>;

const throttlingCodes: Record<string, string> = { route53: 'Throttling', s3: 'SlowDown', rds: 'Throttling' };

function throttled(service: string): AwsError {
  const code = throttlingCodes[service] ?? 'ThrottlingException';
  return new AwsError(code, 'Rate exceeded', code === 'SlowDown' ? 503 : 400);
}

/** XML services say `ExpiredToken`, JSON ones `ExpiredTokenException`. */
const sayInXml = new Set(['s3', 'route53', 'sts', 'sns', 'rds', 'cloudformation']);
const expired = (service: string): AwsError =>
  new AwsError(
    sayInXml.has(service) ? 'ExpiredToken' : 'ExpiredTokenException',
    'The security token included in the request is expired',
    service === 's3' ? 400 : 403,
  );

/** Where faults other than those of single calls take hold. */
export interface FaultTargets {
  readonly route53: Route53State;
  readonly dms: DmsState;
  readonly metrics: MetricPublisher;
  readonly link: ReplicatorLink;
  readonly secrets: SecretStore;
  /** As CloudFormation tells them. */
  readonly stacks: EndpointSeed['stacks'];
}

/** The misfortunes that are to happen: from the seed, and added while the endpoint runs. */
export class Faults {
  private readonly calls: (CallFault & { left: number })[] = [];
  private readonly targets: FaultTargets;
  private credentialsExpired = false;

  constructor(targets: FaultTargets) {
    this.targets = targets;
  }

  add(fault: Fault): void {
    const { route53, dms, metrics, link, secrets, stacks } = this.targets;
    switch (fault.kind) {
      case 'throttle':
      case 'answer-lost':
      case 'refuse':
        this.calls.push({ ...fault, left: fault.count });
        break;
      case 'credentials-expired':
        this.credentialsExpired = fault.active;
        break;
      case 'metrics':
        if (fault.mode === 'normal') metrics.faults.delete(fault.taskArn ?? '*');
        else metrics.faults.set(fault.taskArn ?? '*', fault.mode);
        break;
      case 'never-insync':
        route53.neverInSync = fault.active;
        break;
      case 'task-start-fails':
        for (let i = 0; i < fault.count; i += 1)
          dms.startFailures.push({ taskArn: fault.taskArn, message: fault.message });
        break;
      case 'table-state': {
        const states = dms.task(fault.taskArn).forcedTableStates;
        const key = `${fault.schema}.${fault.table}`;
        if (fault.state === null) states.delete(key);
        else states.set(key, fault.state);
        break;
      }
      case 'secret-rotated':
        secrets.rotate(fault.secretId, fault.value);
        break;
      case 'stack-status': {
        const stack = stacks.find(({ name }) => name === fault.name);
        if (stack === undefined) throw new Error(`no stack ${fault.name} in the seed`);
        stack.status = fault.status;
        break;
      }
      case 'replicator':
        link.send({ type: 'fault', fault: fault.fault });
        break;
    }
  }

  /** Refuses the call if that is its fate. */
  before(call: Call): void {
    if (this.credentialsExpired) throw expired(call.service);
    const fault = this.take(call, ({ kind }) => kind !== 'answer-lost');
    if (fault?.kind === 'throttle') throw throttled(call.service);
    if (fault?.kind === 'refuse') throw new AwsError(fault.code, 'Refused by a fault of the scenario', fault.status);
  }

  /** Whether the answer of this call, which took effect, is to be lost. */
  losesAnswer(call: Call): 'error' | 'reset' | undefined {
    const fault = this.take(call, ({ kind }) => kind === 'answer-lost');
    return fault?.kind === 'answer-lost' ? fault.manner : undefined;
  }

  private take(call: Call, wanted: (fault: CallFault) => boolean): CallFault | undefined {
    const index = this.calls.findIndex((fault) => {
      const fits = fault.operation === call.operation && (fault.service ?? call.service) === call.service;
      return fits && wanted(fault);
    });
    const fault = this.calls[index];
    if (fault === undefined) return undefined;
    fault.left -= 1;
    if (fault.left === 0) this.calls.splice(index, 1);
    return fault;
  }
}
