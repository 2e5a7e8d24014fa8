import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandWriter } from '../../../../runbooks/adapters/commands/command-writer';
import { CommandError, runCommand } from '../../../../runbooks/adapters/commands/run-command';
import { systemClock } from '../../../../runbooks/adapters/clock';

const noSignal = new AbortController().signal;
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const appears = async (path: string): Promise<string> => {
  while (!existsSync(path) || readFileSync(path, 'utf8').trim() === '') await systemClock.sleep(5, noSignal);
  return readFileSync(path, 'utf8').trim();
};

describe('a writer that is moved by commands', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cutover-writer-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const declared = () => ({
    name: 'Queue consumer (EU)',
    pause: ['/usr/bin/touch', join(folder, 'paused')],
    resume: ['/bin/sh', '-c', 'rm -f "$0/paused"; echo "$1" > "$0/primary"', folder, 'to {primary}'],
    prove: ['/usr/bin/test', '-e', join(folder, 'paused')],
  });
  const writer = (change: Partial<ReturnType<typeof declared>> = {}, mode: 'plan' | 'execute' = 'execute') =>
    commandWriter({ ...declared(), ...change }, systemClock, mode);

  test('is paused once, and resumed on the side that is primary', async () => {
    const pause = writer().pause();
    expect(pause.name).toBe('pause-writer-queue-consumer-eu');
    expect(await pause.precheck(noSignal)).toBe(false);
    await pause.act(noSignal);
    expect(await pause.verify(noSignal)).toBe(true);
    expect(await pause.precheck(noSignal)).toBe(true);
    expect(await writer().isPaused(noSignal)).toBe(true);

    const resume = writer().resume('target');
    expect(await resume.precheck(noSignal)).toBe(false);
    await resume.act(noSignal);
    expect(await resume.verify(noSignal)).toBe(true);
    expect(readFileSync(join(folder, 'primary'), 'utf8')).toBe('to target\n');
    // Not paused does not say where it writes.
    expect(await resume.precheck(noSignal)).toBe(false);
  });

  test('no shell reads the arguments', async () => {
    await writer({ pause: ['/usr/bin/touch', join(folder, 'a; touch b $HOME')] })
      .pause()
      .act(noSignal);
    expect(existsSync(join(folder, 'a; touch b $HOME'))).toBe(true);
  });

  test('a command that fails or is not there is told by its name', async () => {
    await expect(
      writer({ pause: ['/bin/false', 'hush'] })
        .pause()
        .act(noSignal),
    ).rejects.toThrow('writer "Queue consumer (EU)": the pause command /bin/false ended with 1');
    await expect(writer({ prove: ['/no/such/program'] }).isPaused(noSignal)).rejects.toThrow(
      '/no/such/program cannot be started',
    );
  });

  test('a plan asks whether it is paused, but neither pauses nor resumes', async () => {
    const planned = writer({}, 'plan');
    expect(await planned.isPaused(noSignal)).toBe(false);
    await expect(planned.pause().act(noSignal)).rejects.toThrow('a plan only reads');
    await expect(planned.resume('source').act(noSignal)).rejects.toThrow('a plan only reads');
    expect(existsSync(join(folder, 'paused'))).toBe(false);
  });

  test('waits for a proof that comes late, with patience that ends', async () => {
    const pause = writer().pause();
    let sleeps = 0;
    const late = commandWriter(
      declared(),
      {
        nowMilliseconds: () => sleeps * 1000,
        sleep: async (_milliseconds, signal) => {
          sleeps += 1;
          if (sleeps === 3) await pause.act(signal);
        },
      },
      'execute',
    );
    expect(await late.pause().verify(noSignal)).toBe(true);
    expect(sleeps).toBe(3);
    sleeps = 3;
    const never = commandWriter(
      { ...declared(), prove: ['/bin/false'] },
      { nowMilliseconds: () => sleeps * 1000, sleep: async () => void (sleeps += 20) },
      'execute',
    );
    expect(await never.pause().verify(noSignal)).toBe(false);
  });

  test('a command ends with its signal or its deadline, and so does what it started', async () => {
    const argv = ['/bin/sh', '-c', 'sleep 600 & echo $! > "$0/child"; wait', folder];
    const interrupted = new AbortController();
    const running = runCommand(argv, { deadlineSeconds: 60, output: 'hide', signal: interrupted.signal });
    const child = Number(await appears(join(folder, 'child')));
    expect(isAlive(child)).toBe(true);
    interrupted.abort(new Error('interrupted'));
    await expect(running).rejects.toThrow('interrupted');
    while (isAlive(child)) await systemClock.sleep(5, noSignal);

    const late = runCommand(['/bin/sleep', '600'], { deadlineSeconds: 0.05, output: 'hide', signal: noSignal });
    await expect(late).rejects.toThrow(CommandError);
    await expect(
      runCommand(['/bin/true'], { deadlineSeconds: 1, output: 'hide', signal: interrupted.signal }),
    ).rejects.toThrow('interrupted');
  });
});
