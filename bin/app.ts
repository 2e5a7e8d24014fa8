/** The CDK app: `npx cdk synth '**'`. Every environment becomes a Stage. */
import { runApp } from '../lib/application';

void runApp(async () => (await import('../environments/index.js')).environments);
