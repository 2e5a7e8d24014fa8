import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import type { Environment } from '../../definition/schema/environment';
import { CutoverStage } from '../../lib/stage';
import { readAssembly, type SynthesisedStack } from '../../review/assembly';
import { temporaryFolder } from '../temporary-folder';

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };

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
