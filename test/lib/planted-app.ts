/** Apps that must fail, each in one way: `node --import tsx planted-app.ts policy|definition`. */
import { Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { defineEnvironment } from '../../definition/define-environment';
import { environments } from '../../environments';
import { cutoverApp, runApp } from '../../lib/application';

const production = environments['production']!;

if (process.argv[2] === 'policy') {
  const app = cutoverApp({ empty: { ...production, migrations: {} } });
  new Bucket(new Stack(app, 'planted'), 'Open');
  app.synth();
} else {
  void runApp(async () => ({ bad: defineEnvironment({ ...production, region: 'mars' }) }));
}
