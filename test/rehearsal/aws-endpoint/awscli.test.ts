import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AwsEndpoint } from '../../../rehearsal/aws-endpoint/endpoint';
import { dmsSeed, forwardArn } from './dms-seed';
import { region, startEndpoint } from './running-endpoint';

/** The command line tool of another language and other models: an opinion on the wire that is not the SDK's own. */
const program = '/usr/bin/aws';
const present = existsSync(program);

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('the AWS command line', () => {
  if (!present && process.env['CI'] !== 'true') {
    test.skip(`needs ${program}`, () => undefined);
    return;
  }
  let folder: string;
  let endpoint: AwsEndpoint;

  const aws = (...parameters: string[]): Promise<Outcome> => {
    // A complete environment of its own: nothing of the caller's AWS settings may reach the tool.
    const env = {
      PATH: '/usr/bin:/bin',
      HOME: folder,
      AWS_ACCESS_KEY_ID: 'AKIAOPERATOR',
      AWS_SECRET_ACCESS_KEY: 'unused',
      AWS_DEFAULT_REGION: region,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_MAX_ATTEMPTS: '1',
      AWS_PAGER: '',
    };
    const all = ['--endpoint-url', endpoint.url, '--output', 'json', ...parameters];
    return new Promise((resolve) => {
      execFile(program, all, { env, timeout: 60_000 }, (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
      });
    });
  };
  const answer = async (...parameters: string[]): Promise<unknown> => {
    const { code, out, err } = await aws(...parameters);
    if (code !== 0) throw new Error(err);
    return out.trim() === '' ? {} : JSON.parse(out);
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'awscli-'));
    const records = ['source', 'target'].map((side) => ({
      Name: 'db.rehearsal.internal',
      Type: 'CNAME' as const,
      SetIdentifier: side,
      Weight: side === 'source' ? 255 : 0,
      TTL: 1,
      ResourceRecords: [{ Value: `${side}.rehearsal.internal` }],
    }));
    endpoint = await startEndpoint({
      ...dmsSeed(),
      route53: { zones: [{ id: 'Z1', name: 'rehearsal.internal', records }], requestsPerSecond: 1000 },
      buckets: ['journal'],
      alarms: [{ name: 'lag', state: 'ALARM' }],
    });
  });
  afterAll(async () => {
    await endpoint.close();
    rmSync(folder, { recursive: true });
  });

  test('reads and writes what the SDK does', async () => {
    const body = join(folder, 'body.json');
    const copy = join(folder, 'copy.json');
    writeFileSync(body, '{"number":1}');
    const asked = (text: string) => answer(...text.split(' '));
    // One call per wire format; each is a process that takes its time to start.
    const [sets, tasks, alarms] = await Promise.all([
      asked('route53 list-resource-record-sets --hosted-zone-id Z1'),
      asked('dms describe-replication-tasks --without-settings'),
      asked('cloudwatch describe-alarms --alarm-names lag'),
    ]);
    expect(sets).toMatchObject({
      ResourceRecordSets: [{ Type: 'NS' }, { Type: 'SOA' }, { Weight: 255 }, { Weight: 0 }],
    });
    expect(tasks).toMatchObject({ ReplicationTasks: [{ Status: 'ready' }, { ReplicationTaskArn: forwardArn }] });
    expect(alarms).toMatchObject({ MetricAlarms: [{ AlarmName: 'lag', StateValue: 'ALARM' }] });

    await answer('s3api', 'put-object', '--bucket', 'journal', '--key', 'a/1.json', '--body', body);
    await answer('s3api', 'get-object', '--bucket', 'journal', '--key', 'a/1.json', copy);
    expect(readFileSync(copy, 'utf8')).toBe('{"number":1}');
  });

  test('understands refusals', async () => {
    const set = { Name: 'none.rehearsal.internal', Type: 'TXT', TTL: 1, ResourceRecords: [{ Value: '"x"' }] };
    const batch = JSON.stringify({ Changes: [{ Action: 'DELETE', ResourceRecordSet: set }] });
    const change = aws('route53', 'change-resource-record-sets', '--hosted-zone-id', 'Z1', '--change-batch', batch);
    const outcomes = await Promise.all([
      change,
      aws('rds', 'describe-db-instances', '--db-instance-identifier', 'none'),
    ]);
    const wanted = [/InvalidChangeBatch.*was not found/s, /DBInstanceNotFound/];
    outcomes.forEach(({ code, err }, index) => {
      expect(err).toMatch(wanted[index] ?? /never/);
      expect(code).toBe(254);
    });
  });
});
