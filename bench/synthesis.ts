/** Time of `npx cdk synth '**'` as shipped (TypeScript, loaded as it is), against the same stacks as precompiled JavaScript. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { transformSync } from '@swc/core';
import type { Figure } from './main';

const root = path.join(__dirname, '..');
const folders = ['definition', 'environments', 'lib'];

function compile(source: string, target: string): void {
  const { code } = transformSync(readFileSync(source, 'utf8'), {
    filename: source,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target.replace(/\.ts$/, '.js'), code);
}

/** The same application as plain JavaScript, in a folder of its own. */
function precompiled(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'cutover-bench-'));
  for (const top of folders)
    for (const file of readdirSync(path.join(root, top), { recursive: true, encoding: 'utf8' }))
      if (file.endsWith('.ts')) compile(path.join(root, top, file), path.join(folder, top, file));
  compile(path.join(root, 'bin/app.ts'), path.join(folder, 'bin/app.ts'));
  for (const shared of ['node_modules', 'certificates', 'cdk.json'])
    symlinkSync(path.join(root, shared), path.join(folder, shared));
  return folder;
}

/** The faster of two runs, in seconds: what disturbs a run only ever makes it slower. */
function secondsToSynthesise(folder: string, app: string): number {
  const cdk = path.join(root, 'node_modules/aws-cdk/bin/cdk');
  const runs = [1, 2].map(() => {
    const output = mkdtempSync(path.join(tmpdir(), 'cutover-bench-out-'));
    const begin = process.hrtime.bigint();
    execFileSync(process.execPath, [cdk, 'synth', '**', '--quiet', '--no-notices', '--app', app, '--output', output], {
      cwd: folder,
      env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: '1' },
      stdio: 'ignore',
    });
    const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
    rmSync(output, { recursive: true, force: true });
    return seconds;
  });
  return Math.min(...runs);
}

export async function run(): Promise<Figure[]> {
  const folder = precompiled();
  try {
    const shipped = secondsToSynthesise(root, 'node --import tsx bin/app.ts');
    const plain = secondsToSynthesise(folder, 'node bin/app.js');
    return [
      { name: 'three environments, with validation', value: shipped, unit: 's' },
      { name: 'against precompiled JavaScript', value: shipped / plain, unit: 'times' },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
