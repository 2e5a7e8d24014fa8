import { readdirSync, readFileSync } from 'node:fs';

const folder = '.github/workflows';
const workflows = readdirSync(folder).map((file) => [file, readFileSync(`${folder}/${file}`, 'utf8')] as const);
const text = (file: string) => workflows.find(([name]) => name === file)?.[1] ?? '';

describe('the workflows', () => {
  it.each(workflows)('%s pins every action by its commit', (_file, source) => {
    const uses = [...source.matchAll(/uses: (.*)/g)].map((match) => match[1]);
    expect(uses.length).toBeGreaterThan(0);
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d/);
  });

  it.each(workflows)('%s may only read unless it says more, and keeps no token in the checkout', (_file, source) => {
    expect(source).toMatch(/^permissions:\n {2}contents: read$/m);
    const checkouts = source.match(/actions\/checkout@/g)?.length;
    expect(source.match(/persist-credentials: false/g)).toHaveLength(checkouts ?? 0);
  });

  it.each(workflows)('%s puts no input of a person into a shell', (_file, source) => {
    const scripts = [...source.matchAll(/run: (?:\|\n((?: {10,}.*\n)+)|(.*))/g)].map((match) => match[1] ?? match[2]);
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script).not.toContain('${{');
  });

  it('only what deploys or runs may ask for a token of AWS, behind a protected environment', () => {
    const holders = workflows.filter(([, source]) => source.includes('id-token: write')).map(([file]) => file);
    expect(holders.sort()).toEqual(['deploy.yml', 'runbook.yml']);
    for (const file of holders) expect(text(file)).toContain('environment: ${{ inputs.environment }}');
  });

  it('a deploy never sets live weights back, and never starts beside a runbook', () => {
    expect(text('deploy.yml')).not.toContain('revert-drift');
    const group = 'group: cutover-${{ inputs.environment }}';
    expect([text('deploy.yml').includes(group), text('runbook.yml').includes(group)]).toEqual([true, true]);
  });

  it('a deploy is reviewed against what runs before it starts', () => {
    const deploy = text('deploy.yml');
    expect(deploy.indexOf('review --live')).toBeGreaterThan(0);
    expect(deploy.indexOf('review --live')).toBeLessThan(deploy.indexOf('npx cdk deploy'));
  });
});
