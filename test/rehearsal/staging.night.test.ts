import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describeWhereMysqlIs } from '../mysql-server';
import { standingOn, startStagingServers, type StagingServers } from './staging/staging-servers';

const launcher = join(__dirname, '..', '..', 'bin', 'cutover.js');

/** As somebody types it: the passwords in the environment, the names of both databases at the questions. */
function rehearse(servers: StagingServers, typed: string): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [launcher, 'rehearse', 'orders', '--json', ...servers.options], {
    env: { ...process.env, ...servers.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(typed);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (err += String(chunk)));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

describeWhereMysqlIs('a rehearsal on running staging databases', (mysqlServer) => {
  let servers: StagingServers;
  beforeAll(async () => {
    servers = await startStagingServers({ mysqlServer });
  }, 120_000);
  afterAll(() => servers?.close());

  it('goes there, back and there, takes away what it made, and leaves the servers running', async () => {
    const { ask, source, target, environment } = servers;
    const standing = () => standingOn(servers);
    const before = await standing();
    const processes = [source.processId, target.processId];
    const { code, out, err } = await rehearse(servers, 'shop\nshop_new\n');
    const result = JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as Record<string, unknown>;
    expect([code, code === 0 ? '' : err]).toEqual([0, '']);
    expect(result).toMatchObject({
      outcome: 'passed',
      lostWrites: 0,
      duplicateWrites: 0,
      writesAcceptedByBothSides: 0,
    });
    expect(result['switches']).toHaveLength(3);
    expect(err).toContain('The servers are never stopped or restarted.');
    for (const password of Object.values(environment)) expect(out + err).not.toContain(password);

    expect(await standing()).toEqual(before);
    expect([source.processId, target.processId]).toEqual(processes);
    const rows = (side: 'source' | 'target') => ask(side, 'SELECT id, name FROM owners ORDER BY id');
    expect((await rows('source')).map(({ id }) => Number(id))).toEqual(
      (await rows('target')).map(({ id }) => Number(id)),
    );
  }, 900_000);
});
