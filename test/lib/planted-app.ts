/** Other apps than the product's own: `node --import tsx planted-app.ts policy|definition|engines`. */
import { Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { defineEnvironment } from '../../definition/define-environment';
import { environments } from '../../environments';
import { cutoverApp, runApp } from '../../lib/application';
import { environmentOfAllEngines } from './engines';

const production = environments['production']!;

if (process.argv[2] === 'policy') {
  const app = cutoverApp({ empty: { ...production, migrations: {} } });
  new Bucket(new Stack(app, 'planted'), 'Open');
  app.synth();
} else if (process.argv[2] === 'engines') {
  void runApp(async () => ({ production: environmentOfAllEngines() }));
} else {
  void runApp(async () => ({ bad: defineEnvironment({ ...production, region: 'mars' }) }));
}
