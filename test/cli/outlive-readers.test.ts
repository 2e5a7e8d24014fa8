import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { typescriptArguments } from '../../rehearsal/processes/typescript-arguments';

const module_ = join(__dirname, '..', '..', 'cli', 'outlive-readers.ts');

/** Writes for a while, as a runbook does, and ends with 7 when it has come to its end. */
const writer = (outlives: boolean) => `
  if (${outlives}) require(${JSON.stringify(module_)}).outliveReaders();
  let left = 20;
  const timer = setInterval(() => {
    process.stdout.write('a line\\n'.repeat(1000));
    process.stderr.write('a line\\n'.repeat(1000));
    if ((left -= 1) === 0) { clearInterval(timer); process.exitCode = 7; }
  }, 10);`;

async function exitCodeWithoutReader(outlives: boolean): Promise<unknown> {
  const child = spawn(process.execPath, [...typescriptArguments(), '-e', writer(outlives)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  child.stderr.destroy();
  return ((await once(child, 'exit')) as unknown[])[0];
}

it('a command goes on when nobody reads its output any more', async () => {
  expect(await exitCodeWithoutReader(true)).toBe(7);
  expect(await exitCodeWithoutReader(false)).not.toBe(7);
});
