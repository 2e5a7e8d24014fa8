import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { typescriptArguments } from '../../../rehearsal/processes/typescript-arguments';
import type { ControlServer } from './control-server';

/** The replicator as a process of its own group, as the rehearsal starts it. */
export class ReplicatorProcess {
  private readonly child: ChildProcess;
  private readonly folder: string;
  readonly exited: Promise<number | null>;

  private constructor(child: ChildProcess, folder: string) {
    this.child = child;
    this.folder = folder;
    this.exited = new Promise((resolve) => child.once('close', (code) => resolve(code)));
  }

  /** Resolves when it has said hello on the control connection. */
  static async start(control: ControlServer): Promise<ReplicatorProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'replicator-test-'));
    const configuration = join(folder, 'replicator.json');
    await writeFile(configuration, JSON.stringify({ control: { host: '127.0.0.1', port: control.port } }));
    const heard = control.messages.length;
    const entry = resolve(__dirname, '../../../rehearsal/replicator/main.ts');
    const child = spawn(process.execPath, [...typescriptArguments(), entry, configuration], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const made = new ReplicatorProcess(child, folder);
    await control.until((message) => message.type === 'hello', 'hello', heard);
    return made;
  }

  /** As a crash would: the whole group at once. */
  async kill(): Promise<void> {
    if (this.child.exitCode === null && this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGKILL');
    await this.exited;
    await this.clean();
  }

  /** Its parent is gone: the lifeline ends. Answers the exit code. */
  async letGo(): Promise<number | null> {
    this.child.stdin?.end();
    const code = await this.exited;
    await this.clean();
    return code;
  }

  private clean(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
