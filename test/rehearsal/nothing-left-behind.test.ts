import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const launcher = join(__dirname, '..', '..', 'bin', 'cutover.js');
const tiny = join(__dirname, 'scenarios', 'tiny');

/** A temporary folder of this test's own shows what the rehearsal leaves in it. */
let temporary: string;
/** Whatever calls here has left the rehearsal. */
let trap: Server;
let trapped = 0;

beforeEach(async () => {
  temporary = mkdtempSync(join(tmpdir(), 'cutover-left-'));
  chmodSync(temporary, 0o755);
  trapped = 0;
  trap = createServer((_request, response) => {
    trapped += 1;
    response.end();
  });
  trap.on('connect', () => (trapped += 1));
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  trap.close();
  rmSync(temporary, { recursive: true, force: true });
});

/** Real-looking credentials, profiles, endpoints and proxies, as an engineer's shell has them. */
function hostileEnvironment(): NodeJS.ProcessEnv {
  const { port } = trap.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const home = join(temporary, 'home');
  mkdirSync(join(home, '.aws'), { recursive: true });
  writeFileSync(join(home, '.aws', 'config'), `[profile production]\nregion = eu-west-1\nendpoint_url = ${url}\n`);
  writeFileSync(
    join(home, '.aws', 'credentials'),
    '[production]\naws_access_key_id = AKIAREAL\naws_secret_access_key = real\n',
  );
  return {
    ...process.env,
    HOME: home,
    TMPDIR: temporary,
    AWS_PROFILE: 'production',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIAREALLOOKINGKEY00',
    AWS_SECRET_ACCESS_KEY: 'a-real-looking-secret',
    AWS_SESSION_TOKEN: 'a-real-looking-token',
    AWS_ENDPOINT_URL: url,
    AWS_ENDPOINT_URL_S3: url,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
    HTTP_PROXY: url,
    HTTPS_PROXY: url,
    http_proxy: url,
    NODE_OPTIONS: '--no-warnings',
    PGHOST: '127.0.0.1',
    PGPASSWORD: 'real',
  };
}

/** Starts a rehearsal as a user would, and resolves when a line of its output matches. */
function begun(until: RegExp): Promise<ChildProcess> {
  const child = spawn(process.execPath, [launcher, 'rehearse', tiny], {
    env: hostileEnvironment(),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer) => {
      output += String(chunk);
      if (until.test(output)) resolve(child);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code) => reject(new Error(`ended with ${code} before ${until}:\n${output}`)));
  });
}

const exitOf = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve));

/** Processes whose command line or environment names the test's own temporary folder. */
const processesHere = (): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((id) => {
      try {
        return (
          readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(temporary) ||
          readFileSync(`/proc/${id}/environ`, 'utf8').includes(temporary)
        );
      } catch {
        return false;
      }
    });

const foldersHere = () => readdirSync(temporary).filter((name) => name.startsWith('cutover-rehearsal-'));

async function expectNothingLeft(): Promise<void> {
  for (let attempt = 0; attempt < 300 && (processesHere().length > 0 || foldersHere().length > 0); attempt += 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect([processesHere(), foldersHere()]).toEqual([[], []]);
  expect(existsSync(temporary)).toBe(true);
}

describe('a rehearsal leaves no process and no folder behind, and reaches nothing outside', () => {
  it('after Ctrl-C', async () => {
    const child = await begun(/operator: cutover start/);
    expect(foldersHere()).toHaveLength(1);
    const exited = exitOf(child);
    process.kill(-(child.pid ?? 0), 'SIGINT');
    expect(await exited).toBe(130);
    await expectNothingLeft();
    expect(trapped).toBe(0);
  });

  it('after kill -9 of the whole command while the databases start', async () => {
    const child = await begun(/starting PostgreSQL/);
    const exited = exitOf(child);
    process.kill(child.pid ?? 0, 'SIGKILL');
    await exited;
    await expectNothingLeft();
  });

  it('after kill -9 in the middle of a runbook', async () => {
    const child = await begun(/operator: cutover start/);
    const exited = exitOf(child);
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await exited;
    await expectNothingLeft();
    expect(trapped).toBe(0);
  });
});
