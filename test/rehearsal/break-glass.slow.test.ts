import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ChangeResourceRecordSetsCommand, Route53Client, type ChangeBatch } from '@aws-sdk/client-route-53';
import { Client } from 'pg';
import { readRequestLog } from '../../rehearsal/judge/request-log';
import { addressOf, rehearsalEnvironmentName, rehearsalRegion } from '../../rehearsal/local-place';
import type { Line } from '../../rehearsal/processes/output-lines';
import { productCommand, type OperatorRun } from '../../rehearsal/operator';
import { startWorld, type RehearsalWorld } from '../../rehearsal/world';
import { openSide } from '../crash/open-side';
import { operatorCommand, quickPace, quickTimes, tinyScenario, judgementOf, violations } from './small-rehearsal';
import { postgresOf } from '../../rehearsal/engines/any-engine';

/** The pause lasts as long as a person (here: this test) needs to type. */
const times = { ...quickTimes, gates: { ...quickTimes.gates, maxWritePauseSeconds: 90 } };

let world: RehearsalWorld;
let reviewBeforeStart: Review;

interface Review {
  readonly exitCode: number;
  readonly said: string;
}

/** What a workflow asks right before it deploys. */
async function reviewLive(): Promise<Review> {
  const [program = '', ...args] = [...productCommand, 'review', '--live', '--environment', rehearsalEnvironmentName];
  const outcome = promisify(execFile)(program, args, { env: world.environment });
  return outcome.then(
    ({ stdout }) => ({ exitCode: 0, said: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      exitCode: error.code,
      said: error.stdout + error.stderr,
    }),
  );
}

beforeAll(async () => {
  // The load is serverless here, for no other test is: it starts, follows and is stopped like a task.
  const scenario = { ...tinyScenario(), serverlessLoad: true };
  world = await startWorld({ scenario, pace: quickPace, times });
  reviewBeforeStart = await reviewLive();
  await world.startWorkload();
  for (const verb of ['start', 'verify']) {
    const run = await world.operator.execute(verb);
    expect([verb, run.exitCode, run.events.slice(-2)]).toMatchObject([verb, 0, {}]);
  }
});
afterAll(() => world?.close());

const lastOf = (run: OperatorRun) => run.events.findLast((event) => event['type'] === 'run.finished');
const byHandOf = (run: OperatorRun) => run.events.filter((event) => event['type'] === 'by-hand');

/** The next call of this operation is refused; it is the first that a recovery needs, and the end of it. */
const refuse = (service: string, operation: string) =>
  world.cloud.send({
    type: 'fault',
    fault: { kind: 'refuse', service, operation, code: 'OutOfService', status: 400, count: 1 },
  });

/** Does what the last lines say, as a person with the runbook's account would; returns what each SELECT showed last. */
async function doByHand(steps: readonly Line[]): Promise<unknown[]> {
  const shown: unknown[] = [];
  const startedAtMilliseconds = Date.now();
  for (const { title, text } of steps as unknown as { title: string; text: string }[]) {
    const side = /^on the (source|target) /.exec(title)?.[1] as 'source' | 'target' | undefined;
    const batch = /--change-batch '(.*)'$/.exec(text)?.[1];
    if (side) {
      const user = 'cutover_runbook';
      const { superuser } = postgresOf(world.engines[side]);
      const client = new Client({
        ...superuser,
        user,
        password: world.credentials.passwordOf(user),
        database: world.scenario.database,
      });
      await client.connect();
      try {
        for (const statement of text.split('\n')) {
          const { rows } = await client.query<Record<string, unknown>>(statement);
          if (statement.startsWith('SELECT outcome') || statement.startsWith('SELECT count'))
            shown.push(Object.values(rows[0] ?? {})[0]);
        }
      } finally {
        await client.end();
      }
    } else if (batch) await change(/--hosted-zone-id (\S+)/.exec(text)?.[1] ?? '', batch);
  }
  // The judge looks at a person's doing as at any run.
  world.operator.runs.push({
    verb: 'resume',
    exitCode: null,
    signal: null,
    events: [],
    standardError: '',
    startedAtMilliseconds,
    finishedAtMilliseconds: Date.now(),
  });
  return shown;
}

async function change(zone: string, batch: string): Promise<void> {
  const client = new Route53Client({
    endpoint: `http://${addressOf(world.place.endpoint)}`,
    region: rehearsalRegion,
    credentials: { accessKeyId: 'AKIABYHAND', secretAccessKey: 'unused' },
  });
  try {
    const ChangeBatch = JSON.parse(batch) as ChangeBatch;
    await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zone, ChangeBatch }));
  } finally {
    client.destroy();
  }
}

const resume = `cutover resume tiny --environment ${rehearsalEnvironmentName} --execute`;

describe('a deploy while a migration is under way', () => {
  it('is let pass before anything was started', () => {
    expect(reviewBeforeStart).toEqual({
      exitCode: 0,
      said: `nothing is under way in ${rehearsalEnvironmentName} (migrations deployed: 1, begun: 0)\n`,
    });
  });

  it('is let pass while the source serves and nobody holds the migration', async () => {
    expect(await reviewLive()).toMatchObject({
      exitCode: 0,
      said: expect.stringMatching(/begun: 1\)/) as string,
    });
  });
});

const answered = (operation: string) =>
  readRequestLog(world.requestLogFile)
    .filter((call) => call.operation === operation)
    .map(({ status }) => status);

describe('a serverless load', () => {
  it('is started without a position, and is what the gates look at', () => {
    expect([answered('StartReplication'), answered('StartReplicationTask')]).toEqual([[200], []]);
    for (const operation of ['DescribeReplications', 'DescribeReplicationTableStatistics'])
      expect(answered(operation)).toContain(200);
  });
});

describe('a switch in the middle, when a service that every runbook needs is gone', () => {
  it('is unwound by hand before the decision, when Route 53 is out of reach', async () => {
    const killed = world.operator.with(operatorCommand('dying-operator', 'marker-forward-source#2:before'));
    expect((await killed.execute('switch')).signal).toBe('SIGKILL');
    expect(await reviewLive()).toMatchObject({
      exitCode: 3,
      said: expect.stringMatching(/^- rehearsal\/tiny is mid-switch \(phase switching\): no deploy/) as string,
    });
    refuse('route53', 'ListResourceRecordSets');
    const stuck = await world.operator.execute('resume');
    expect([stuck.exitCode, lastOf(stuck)]).toMatchObject([
      6,
      { primary: 'source', writesAccepted: 'nowhere', next: resume },
    ]);

    expect(await doByHand(byHandOf(stuck))).toEqual(['unwind', '0']);
    expect(await openSide(world)).toBe('source');

    const rest = await world.operator.execute('resume');
    expect([rest.exitCode, byHandOf(rest), lastOf(rest)]).toMatchObject([
      5,
      [],
      { primary: 'source', writesAccepted: 'source' },
    ]);
  });

  it('is brought to its end by hand after the decision, when S3 is out of reach', async () => {
    const killed = world.operator.with(operatorCommand('dying-operator', 'decide-open-target:after'));
    expect((await killed.execute('switch')).signal).toBe('SIGKILL');
    refuse('s3', 'GetObject');
    const stuck = await world.operator.execute('resume');
    expect([stuck.exitCode, lastOf(stuck)]).toMatchObject([
      6,
      { primary: 'target', writesAccepted: 'nowhere', next: resume },
    ]);

    expect(await doByHand(byHandOf(stuck))).toEqual(['0']);
    expect(await openSide(world)).toBe('target');

    const rest = await world.operator.execute('resume');
    expect([rest.exitCode, byHandOf(rest), lastOf(rest)]).toMatchObject([
      0,
      [],
      { primary: 'target', writesAccepted: 'target' },
    ]);
  });

  it('has stopped the serverless load, and turned replication on the instance', () => {
    expect([answered('StopReplication'), answered('StartReplicationTask')]).toEqual([[200], [200]]);
  });

  it('leaves a rollback window in which no deploy may come', async () => {
    expect(await reviewLive()).toMatchObject({
      exitCode: 3,
      said: expect.stringMatching(/^- rehearsal\/tiny can be rolled back until 20\S+Z \(primary: target\)/) as string,
    });
  });

  it('has lost nothing by it', async () => {
    const judgement = await judgementOf(world);
    expect(violations(judgement)).toEqual([]);
    expect(judgement).toMatchObject({ primary: 'target', lostWrites: 0, writesAcceptedByBothSides: 0 });
  });
});
