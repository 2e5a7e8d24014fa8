import { loadScenario } from '../scenarios/scenario';
import { runWorkload } from '../workload/run-workload';
import { readApplicationWorkloadConfiguration } from './configuration';
import { ApplicationWorkload } from './workload';

/** The process of an application's clients: `node …/application-workload/main.ts CONFIGURATION.json`. */
runWorkload(() => {
  const configuration = readApplicationWorkloadConfiguration(process.argv[2] ?? '');
  return new ApplicationWorkload(configuration, loadScenario(configuration.scenarioFolder));
});
