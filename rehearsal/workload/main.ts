import { loadScenario } from '../scenarios/scenario';
import { readConfiguration } from './configuration';
import { runWorkload } from './run-workload';
import { Workload } from './workload';

/** The workload process: `node …/workload/main.ts CONFIGURATION.json`. */
runWorkload(() => {
  const configuration = readConfiguration(process.argv[2] ?? '');
  return new Workload(configuration, loadScenario(configuration.scenarioFolder));
});
