import { spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * The rehearsal judges the product, so it is a program of its own; this only starts it. Its standard input is a pipe of
 * ours: when we are gone, however we ended, it sees the end of that pipe and cleans up. What people type it reads behind it.
 */
export function rehearse(args: readonly string[]): Promise<number> {
  const root = join(__dirname, '..', '..');
  const program = [join(root, 'bin', 'load-typescript.js'), join(root, 'rehearsal', 'main.ts')];
  const child = spawn(process.execPath, ['--require', ...program, ...args], {
    stdio: ['pipe', 'inherit', 'inherit', 0],
    cwd: root,
    env: { ...process.env, CUTOVER_LIFELINE: '1', CUTOVER_CALLED_FROM: process.cwd() },
  });
  const pass = (signal: NodeJS.Signals) => () => child.kill(signal);
  // Ctrl-C reaches the whole foreground group; the rehearsal hears a second one as the same wish.
  process.on('SIGINT', pass('SIGINT'));
  process.on('SIGTERM', pass('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}
