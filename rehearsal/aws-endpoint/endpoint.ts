import type { AddressInfo } from 'node:net';
import type { ZoneFeed } from '../name-server/zone-feed';
import { ControlServer } from './control/control-server';
import type { Fault } from './fault-schema';
import { Faults } from './faults';
import { RequestLog } from './request-log';
import type { EndpointSeed } from './seed';
import { cloudFormationService } from './services/cloudformation';
import { cloudWatchService } from './services/cloudwatch/cloudwatch';
import { MetricStore } from './services/cloudwatch/metric-store';
import { dmsService } from './services/dms/dms';
import { DmsState } from './services/dms/dms-state';
import { MetricPublisher } from './services/dms/metric-publisher';
import { rdsService } from './services/rds/rds';
import { route53Service } from './services/route53/route53';
import { Route53State } from './services/route53/route53-state';
import { s3Service } from './services/s3/s3';
import { SecretStore, secretsManagerService } from './services/secrets-manager';
import { snsService } from './services/sns';
import { ssmService } from './services/ssm/ssm';
import { stsService } from './services/sts';
import { TokenBucket } from './services/token-bucket';
import { AwsError } from './wire/aws-error';
import { dispatch } from './wire/dispatch';
import type { Call, Interceptor } from './wire/dispatch';
import { createHttpServer } from './wire/http-server';
import type { Service } from './wire/service';

/** A listening endpoint. */
export interface AwsEndpoint {
  /** What `AWS_ENDPOINT_URL` is set to. */
  readonly url: string;
  readonly control: { readonly host: string; readonly port: number };
  readonly zones: ZoneFeed;
  /** A name server, by its place in the seed, answers with this change. */
  applied(serverIndex: number, changeId: string): void;
  addFault(fault: Fault): void;
  /** Closes a metric period now, whatever the clock says; for tests and short rehearsals. */
  closeMetricPeriod(begin: Date): void;
  close(): Promise<void>;
}

interface World {
  readonly services: readonly Service[];
  readonly route53: Route53State;
  readonly dms: DmsState;
  readonly metrics: MetricPublisher;
  readonly secrets: SecretStore;
}

function build(seed: EndpointSeed, link: ControlServer): World {
  const metricStore = new MetricStore();
  const secrets = new SecretStore(seed.secrets);
  const route53 = new Route53State(seed.route53);
  const dms = new DmsState(seed.dms, secrets, link);
  const metrics = new MetricPublisher(metricStore, dms, seed.metricPeriodSeconds);
  const services = [
    route53Service(route53),
    dmsService(dms),
    cloudWatchService(seed, metricStore),
    ssmService(seed),
    secretsManagerService(secrets),
    stsService(seed.accountId),
    rdsService(seed),
    cloudFormationService(seed),
    snsService(seed.topics),
    // Last, since an unsigned request for any path could be one for an object.
    s3Service(seed),
  ];
  return { services, route53, dms, metrics, secrets };
}

function intercept(seed: EndpointSeed, faults: Faults, log: RequestLog): Interceptor {
  const route53Rate = new TokenBucket(seed.route53.requestsPerSecond, Date.now);
  return {
    before(call: Call) {
      faults.before(call);
      if (call.service === 'route53' && !route53Rate.take()) throw new AwsError('Throttling', 'Rate exceeded');
    },
    after(call, response, error) {
      const lost = error === undefined ? faults.losesAnswer(call) : undefined;
      log.write(call, response.status, error?.code, lost && `answer lost: ${lost}`);
      if (lost === 'reset') return 'reset';
      return lost === undefined ? response : { status: 500, headers: {}, body: '' };
    },
  };
}

/** Starts the endpoint and its control port. Everything is in memory; `close` leaves nothing behind. */
export async function startAwsEndpoint(seed: EndpointSeed): Promise<AwsEndpoint> {
  const link = new ControlServer();
  const { services, route53, dms, metrics, secrets } = build(seed, link);
  const faults = new Faults({ route53, dms, metrics, link, secrets, stacks: seed.stacks });
  for (const fault of seed.faults) faults.add(fault);
  const log = new RequestLog(seed.requestLogFile);
  const interceptor = intercept(seed, faults, log);

  const control = await link.listen(seed.control, {
    onMessage(message) {
      if (message.type === 'metrics') metrics.sample(message);
      else dms.receive(message);
    },
    onLost: () => dms.lost(),
    onMalformed: (line, reason) => process.stderr.write(`control port: cannot read ${line.slice(0, 200)}: ${reason}\n`),
  });
  const server = createHttpServer((request) => dispatch(services, request, interceptor));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(seed.listen.port, seed.listen.host, resolve);
  });
  metrics.start();

  return {
    url: `http://${seed.listen.host}:${(server.address() as AddressInfo).port}`,
    control,
    zones: route53.feed,
    applied: (serverIndex, changeId) => route53.changes.applied(serverIndex, changeId),
    addFault: (fault) => faults.add(fault),
    closeMetricPeriod: (begin) => metrics.closePeriod(begin.getTime()),
    async close() {
      metrics.stop();
      dms.dispose();
      await link.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      log.close();
    },
  };
}
