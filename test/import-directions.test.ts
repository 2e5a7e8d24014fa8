import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..');

/** Each rule with a file that breaks it and what that file imports. */
const violations: [rule: string, file: string, imports: string][] = [
  ['definition-alone', 'definition/a.ts', '../lib/x'],
  ['definition-zod-only', 'definition/b.ts', 'pg'],
  ['environments-to-definition', 'environments/a.ts', '../lib/x'],
  ['lib-to-definition', 'lib/a.ts', '../runbooks/ports/x'],
  ['app-to-lib', 'bin/app.ts', '../runbooks/ports/x'],
  ['review-to-definition', 'review/a.ts', '../lib/x'],
  ['rehearsal-judges', 'rehearsal/a.ts', '../runbooks/ports/x'],
  ['cli-to-runbooks', 'cli/a.ts', '../rehearsal/x'],
  ['procedure-to-ports', 'runbooks/procedure/a.ts', '../verification/x'],
  ['ports-to-definition', 'runbooks/ports/a.ts', '../procedure/x'],
  ['verification-to-ports', 'runbooks/verification/a.ts', '../procedure/x'],
  ['inspection-to-ports', 'runbooks/inspection/a.ts', '../procedure/x'],
  ['adapters-to-ports', 'runbooks/adapters/a.ts', '../procedure/x'],
  ['runbook-to-ports', 'runbooks/a.ts', '../cli/x'],
  ['only-entries-connect', 'cli/b.ts', '../runbooks/adapters/x'],
  ['cdk-in-lib-only', 'cli/c.ts', 'constructs'],
  ['aws-sdk-in-adapters-only', 'runbooks/procedure/b.ts', '@aws-sdk/client-sts'],
  ['drivers-in-adapters-only', 'runbooks/procedure/c.ts', 'pg'],
];
const innocent = [
  'lib',
  'runbooks/ports',
  'runbooks/procedure',
  'runbooks/verification',
  'runbooks/adapters',
  'rehearsal',
  'cli',
];

describe('import directions', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-directions-'));
  let broken: Set<string>;
  afterAll(() => rmSync(folder, { recursive: true }));

  beforeAll(() => {
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    };
    for (const place of innocent) write(`${place}/x.ts`, 'export const x = 1;\n');
    for (const [, file, imports] of violations)
      write(file, `import * as planted from '${imports}';\nexport { planted };\n`);
    write('cli/circle-a.ts', "export * from './circle-b';\n");
    write('cli/circle-b.ts', "export * from './circle-a';\n");
    cpSync(join(root, '.dependency-cruiser.cjs'), join(folder, '.dependency-cruiser.cjs'));
    cpSync(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const places = ['bin', 'cli', 'definition', 'environments', 'lib', 'review', 'rehearsal', 'runbooks'];
    const run = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
        '--config',
        '.dependency-cruiser.cjs',
        '--output-type',
        'json',
        ...places,
      ],
      { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    const report = JSON.parse(run.stdout) as { summary: { violations: { rule: { name: string }; from: string }[] } };
    broken = new Set(report.summary.violations.map(({ rule, from }) => `${rule.name} ${from}`));
  });

  it.each(violations)('%s refuses %s importing %s', (rule, file) => {
    expect(broken).toContain(`${rule} ${file}`);
  });

  it('refuses circles', () => {
    expect([...broken].some((each) => each.startsWith('no-circles cli/circle-'))).toBe(true);
  });

  it('has a planted violation for every rule', () => {
    const rules = jest
      .requireActual<{ forbidden: { name: string }[] }>('../.dependency-cruiser.cjs')
      .forbidden.map((rule) => rule.name);
    expect(new Set([...violations.map(([rule]) => rule), 'no-circles'])).toEqual(new Set(rules));
  });
});
