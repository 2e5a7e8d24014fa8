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
