import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { Environment } from '../../definition/schema/environment';
import { CutoverStage } from '../../lib/stage';
import { readAssembly, type SynthesisedStack } from '../../review/assembly';

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };

const folders: string[] = [];
/** A new folder that is removed when the test process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-assembly-'));
  folders.push(folder);
  return folder;
}
export const removeTemporaryFolders = (): void => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
};

/**
 * Synthesises environments as the app does, with the flags of cdk.json. The validations are left out here: they cost most of
 * the time and have a test of their own, which runs the command line.
 */
export function synthesise(...environments: Environment[]): { folder: string; stacks: SynthesisedStack[] } {
  const folder = temporaryFolder();
  const app = new App({ analyticsReporting: false, treeMetadata: false, context, outdir: folder });
  for (const environment of environments) new CutoverStage(app, environment);
  app.synth({ skipValidation: true });
  return { folder, stacks: readAssembly(folder) };
}
