/** Runs every benchmark of this folder and prints what it measured: figures as ratios, which a busy computer bends least. */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}
interface Benchmark {
  run(): Promise<Figure[]>;
}

/** An `import()` would not come by the loader that reads TypeScript here. */
const load = createRequire(__filename);

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const files = readdirSync(__dirname).filter((file) => file.endsWith('.ts') && file !== path.basename(__filename));
  for (const file of files.sort()) {
    const title = path.basename(file, '.ts');
    if (wanted.length > 0 && !wanted.includes(title)) continue;
    const benchmark = load(path.join(__dirname, file)) as Benchmark;
    for (const { name, value, unit } of await benchmark.run()) {
      const digits = value >= 100 ? 0 : 2;
      const text = value.toLocaleString('en', { maximumFractionDigits: digits });
      process.stdout.write(`${title}: ${name.padEnd(48)} ${text.padStart(12)} ${unit}\n`);
    }
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = 1;
});
