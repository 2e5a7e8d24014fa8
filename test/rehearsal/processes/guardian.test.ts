import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGuardian } from '../../../rehearsal/processes/guardian';
import { createRunFolder } from '../../../rehearsal/processes/run-folder';
import { groupIsAlive, signalQuietly } from '../../../rehearsal/processes/signals';
import { typescriptArguments } from '../../../rehearsal/processes/typescript-arguments';

interface Rehearsal {
  readonly runFolder: string;
  readonly processIds: number[];
  readonly host: string;
  readonly port: number;
}

const checkout = path.resolve(__dirname, '../../..');
const parents: ChildProcess[] = [];

afterEach(() => {
  for (const parent of parents.splice(0)) if (parent.exitCode === null) parent.kill('SIGKILL');
});

async function startParent(
  root = checkout,
  options: SpawnOptions = {},
  ...more: string[]
): Promise<[ChildProcess, Rehearsal]> {
  const entry = path.join(root, 'test/rehearsal/processes/entries/parent.ts');
  const parent = spawn(process.execPath, [...typescriptArguments(), entry, ...more], {
    cwd: '/',
    ...options,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  parents.push(parent);
  for await (const line of createInterface({ input: parent.stdout })) return [parent, JSON.parse(line) as Rehearsal];
  throw new Error('the parent ended before it was ready');
}

async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; !(await condition()); await sleep(25)) {
    if (Date.now() > end) throw new Error(`did not become true: ${condition.toString()}`);
  }
}

function listens({ host, port }: Rehearsal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function expectNothingLeft(rehearsal: Rehearsal): Promise<void> {
  await eventually(() => !existsSync(rehearsal.runFolder));
  // The guardian itself is the last to go.
  await eventually(() => !rehearsal.processIds.some(groupIsAlive));
  expect(await listens(rehearsal)).toBe(false);
}

test('kill -9 of a rehearsal leaves no process, port and folder', async () => {
  const [parent, rehearsal] = await startParent(checkout, {}, '--stubborn');
  expect(rehearsal.processIds.map(groupIsAlive)).toEqual([true, true, true, true]);
  expect(await listens(rehearsal)).toBe(true);
  parent.kill('SIGKILL');
  await expectNothingLeft(rehearsal);
});

test('Ctrl-C, which goes to the whole foreground group, leaves nothing either', async () => {
  const [parent, rehearsal] = await startParent(checkout, { detached: true });
  signalQuietly(-(parent.pid ?? 0), 'SIGINT');
  await expectNothingLeft(rehearsal);
  expect(parent.signalCode).toBe('SIGINT');
});

test('a checkout that only its owner can enter serves as well, and is not written to', async () => {
  const copy = mkdtempSync(path.join(tmpdir(), 'checkout-'));
  try {
    for (const folder of ['bin', 'rehearsal', 'test/rehearsal/processes/entries']) {
      cpSync(path.join(checkout, folder), path.join(copy, folder), { recursive: true });
    }
    mkdirSync(path.join(copy, 'node_modules'));
    for (const name of readdirSync(path.join(checkout, 'node_modules'))) {
      const [from, to] = [path.join(checkout, 'node_modules', name), path.join(copy, 'node_modules', name)];
      if (name.startsWith('postgres-15')) cpSync(from, to, { recursive: true });
      else symlinkSync(from, to);
    }
    chmodSync(copy, 0o700);
    const engine = path.join(copy, 'node_modules', `postgres-15-${process.platform}-${process.arch}`);
    const before = readdirSync(engine, { recursive: true });
    const [parent, rehearsal] = await startParent(copy);
    expect(await listens(rehearsal)).toBe(true);
    expect(readdirSync(engine, { recursive: true })).toEqual(before);
    parent.kill('SIGKILL');
    await expectNothingLeft(rehearsal);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});

describe('closed by the rehearsal', () => {
  test('ends what is registered, spares what was forgotten, removes the folder', async () => {
    const runFolder = createRunFolder();
    const guardian = startGuardian(runFolder);
    const [registered, forgotten] = ['registered', 'forgotten'].map(() =>
      spawn('/bin/sleep', ['60'], { detached: true, stdio: 'ignore' }),
    ) as [ChildProcess, ChildProcess];
    guardian.register(registered.pid!);
    guardian.register(forgotten.pid!);
    guardian.forget(forgotten.pid!);
    await guardian.close();
    await eventually(() => registered.signalCode === 'SIGTERM');
    expect(groupIsAlive(forgotten.pid!)).toBe(true);
    forgotten.kill('SIGKILL');
    expect(existsSync(runFolder)).toBe(false);
    expect(groupIsAlive(guardian.processId)).toBe(false);
  });

  test('keeps the folder where asked', async () => {
    const runFolder = createRunFolder();
    const guardian = startGuardian(runFolder);
    await guardian.ready;
    await guardian.close({ keepFolder: true });
    expect(existsSync(runFolder)).toBe(true);
    rmSync(runFolder, { recursive: true });
  });

  test('refuses to remove a folder that no rehearsal made', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'precious-'));
    const guardian = startGuardian(folder);
    await expect(guardian.ready).rejects.toThrow('ended with code 1');
    await expect(guardian.close()).rejects.toThrow(`not a run folder: ${folder}`);
    expect(existsSync(folder)).toBe(true);
    rmSync(folder, { recursive: true });
  });
});

test.each([0, 1, -1, Number.NaN, 1.5])('process id %p is never signalled', (id) => {
  expect(() => signalQuietly(id, 0)).toThrow('refused to signal');
});
