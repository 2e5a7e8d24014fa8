import { App, Validations, type AppProps } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Environment } from '../definition/schema/environment';
import { CutoverStage } from './stage';

/** Every environment as a Stage, with the policies that fail the synthesis. */
export function cutoverApp(environments: Record<string, Environment>, props: AppProps = {}): App {
  const app = new App({ analyticsReporting: false, ...props });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  for (const environment of Object.values(environments)) new CutoverStage(app, environment);
  return app;
}

/**
 * Synthesises what `load` gives and says an error in its own words: a definition that is refused is the author's to put right,
 * and a stack trace of the library would only hide where.
 */
export async function runApp(load: () => Promise<Record<string, Environment>>): Promise<void> {
  try {
    cutoverApp(await load()).synth();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
