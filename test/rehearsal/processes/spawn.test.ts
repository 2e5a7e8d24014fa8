import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { startGuardian } from '../../../rehearsal/processes/guardian';
import type { Guardian } from '../../../rehearsal/processes/guardian';
import { isolatedEnvironment } from '../../../rehearsal/processes/isolated-environment';
import type { Line } from '../../../rehearsal/processes/output-lines';
import { createRunFolder } from '../../../rehearsal/processes/run-folder';
import { groupIsAlive } from '../../../rehearsal/processes/signals';
import { spawnProcess } from '../../../rehearsal/processes/spawn';
import type { ChildHandle, SpawnOptions } from '../../../rehearsal/processes/spawn';

const entry = path.join(__dirname, 'entries/child.ts');
let runFolder: string;
let guardian: Guardian;

beforeAll(() => {
  runFolder = createRunFolder();
  guardian = startGuardian(runFolder);
});
afterAll(() => guardian.close());

function start(options: Partial<SpawnOptions>): ChildHandle {
  const environment = isolatedEnvironment({ runFolder, endpointUrl: 'http://127.0.0.1:9', region: 'eu-central-1' });
  return spawnProcess({ name: 'child', environment, runFolder, guardian, ...options });
}

async function all(lines: AsyncIterable<Line>): Promise<Line[]> {
  const found: Line[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

describe('a child', () => {
  test('gets its configuration in a private file, an environment of its own and commands; ends when asked', async () => {
    process.env.AWS_PROFILE = 'production';
    process.env.HTTPS_PROXY = 'http://proxy.example:3128';
    const seen: Line[] = [];
    const child = start({ entry, configuration: { password: 'secret' }, onLine: (line) => seen.push(line) });
    const lines = all(child.stdoutLines());
    const ready = await child.ready;
    expect(ready).toMatchObject({ configuration: { password: 'secret' }, mode: 0o600, workingFolder: runFolder });
    const environment = ready.environment as Record<string, string>;
    expect(
      Object.keys(environment)
        .filter((name) => /^AWS_/.test(name))
        .sort(),
    ).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_CONFIG_FILE',
      'AWS_EC2_METADATA_DISABLED',
      'AWS_ENDPOINT_URL',
      'AWS_REGION',
      'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SHARED_CREDENTIALS_FILE',
    ]);
    expect(Object.keys(environment).filter((name) => /proxy|NODE_OPTIONS/i.test(name))).toEqual([]);
    expect(environment).toMatchObject({ HOME: runFolder, TZ: 'UTC' });
    expect(readFileSync(environment.AWS_CONFIG_FILE!, 'utf8')).toBe('');

    child.send({ type: 'stop', taskArn: 'a' });
    await child.stop();
    expect(await child.exited).toEqual({ code: 0, signal: null });
    expect((await lines).map((line) => line.type)).toEqual(['ready', 'answer', 'ended']);
    expect(seen).toEqual(await lines);
    expect(readFileSync(child.logFile, 'utf8')).toContain('a line for the log');
    expect(statSync(child.logFile).mode & 0o777).toBe(0o600);
    delete process.env.AWS_PROFILE;
    delete process.env.HTTPS_PROXY;
  });

  test('that ignores SIGTERM and its lifeline is killed after the grace, with its group', async () => {
    const script = 'trap "" TERM; sleep 60 & echo "plain text"; echo "{\\"type\\":\\"ready\\"}"; wait; sleep 60';
    const child = start({ command: ['/bin/sh', '-c', script] });
    const lines = all(child.stdoutLines());
    await child.ready;
    await child.stop(100);
    expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(groupIsAlive(child.processId)).toBe(false);
    expect(await lines).toContainEqual({ type: 'text', text: 'plain text' });
  });

  test('leaves nobody of its group behind when it ends by itself', async () => {
    const child = start({ command: ['/bin/sh', '-c', 'sleep 60 & exit 3'] });
    expect(await child.exited).toEqual({ code: 3, signal: null });
    expect(groupIsAlive(child.processId)).toBe(false);
  });

  test('that ends before it is ready is reported with the end of its log', async () => {
    const child = start({ name: 'replicator', command: ['/bin/sh', '-c', 'echo "no such slot" >&2; exit 7'] });
    await expect(child.ready).rejects.toThrow(/replicator ended \(code 7\) before it was ready[^]*no such slot/);
  });

  test('that cannot be started says so', async () => {
    const child = start({ command: ['/nonexistent/program'] });
    await expect(child.exited).rejects.toThrow('process child could not be started');
    await expect(child.ready).rejects.toThrow('/nonexistent/program');
    await child.stop();
  });
});

test('a command and an entry file together are refused', () => {
  expect(() => start({ command: ['/bin/true'], entry })).toThrow('not both');
  expect(() => start({})).toThrow('give either a command or an entry file');
});

test.each(['AWS_PROFILE', 'NODE_OPTIONS', 'https_proxy', 'LD_PRELOAD'])(
  '%s cannot be added to an environment',
  (name) => {
    const options = { runFolder, endpointUrl: 'http://127.0.0.1:9', region: 'eu-central-1' };
    expect(() => isolatedEnvironment({ ...options, extra: { [name]: 'x' } })).toThrow(`the variable ${name}`);
    expect(isolatedEnvironment({ ...options, extra: { REQUESTED_BY: 'x' } })).toMatchObject({ REQUESTED_BY: 'x' });
  },
);

test('a run folder can be reached by everybody', () => {
  expect(existsSync(runFolder)).toBe(true);
  expect(statSync(runFolder).mode & 0o777).toBe(0o755);
});
