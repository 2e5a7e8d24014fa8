/** The command line of the CDK as a user runs it: offline, without credentials, with the validations. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeTemporaryFolders, temporaryFolder } from '../temporary-folder';

// A synthesis takes seconds; on a machine that is busy it may take minutes.
jest.setTimeout(400_000);
afterAll(removeTemporaryFolders);

interface Report {
  pluginReports: {
    pluginName: string;
    conclusion: string;
    violations: unknown[];
    suppressedViolations?: { reason?: string }[];
  }[];
}

function synth(...options: string[]) {
  const output = temporaryFolder();
  const cdk = join('node_modules', 'aws-cdk', 'bin', 'cdk');
  const result = spawnSync(
    process.execPath,
    [cdk, 'synth', '**', '--quiet', '--no-notices', '--output', output, ...options],
    {
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        HOME: output,
        CDK_DISABLE_CLI_TELEMETRY: '1',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    },
  );
  return { ...result, output };
}

const planted = (what: string) => synth('--app', `node --import tsx test/lib/planted-app.ts ${what}`);

describe("npx cdk synth '**'", () => {
  it('passes for all environments, and every accepted finding has its reason', () => {
    const { status, stderr, output } = synth();
    expect({ status, errors: stderr.match(/ERROR .*/g) }).toEqual({ status: 0, errors: null });
    const report = JSON.parse(readFileSync(join(output, 'validation-report.json'), 'utf8')) as Report;
    expect(report.pluginReports.map((plugin) => plugin.pluginName)).toEqual(
      expect.arrayContaining(['AwsSolutions', 'CloudFormation Validate']),
    );
    for (const plugin of report.pluginReports) {
      expect(plugin).toMatchObject({ conclusion: 'success', violations: [] });
      for (const finding of plugin.suppressedViolations ?? []) expect(finding.reason).toMatch(/\w+ \w+/);
    }
  });

  it('passes for every engine that a definition allows', () => {
    const { status, stderr } = planted('engines');
    expect({ status, errors: stderr.match(/ERROR .*/g) }).toEqual({ status: 0, errors: null });
  });

  it('fails on a resource that breaks a policy', () => {
    const { status, stderr, stdout } = planted('policy');
    expect(status).toBe(1);
    expect(stdout + stderr).toContain('AwsSolutions-S1');
  });

  it('refuses a bad definition with its finding and without a stack trace', () => {
    const { status, stderr } = planted('definition');
    expect(status).toBe(1);
    expect(stderr).toContain('region = "mars"\n    allowed: an AWS region, as eu-central-1\n    why:     AWS region');
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
